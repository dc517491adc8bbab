"""Kill -9 at any moment, two workers at once, a double run: nothing lost, nothing twice."""

import random
import signal
import time

import pytest

ORDERS = 60

SETUP = f"""
env['automation.policy'].search([]).write({{'active': False}})
env['automation.policy'].create({{
    'name': 'All the way', 'delivery_mode': 'auto', 'payment_first': 'never',
}})
product = env['product.product'].create({{
    'name': 'Lamp', 'is_storable': True, 'list_price': 10, 'invoice_policy': 'delivery',
}})
location = env['stock.warehouse'].search([], limit=1).lot_stock_id
env['stock.quant']._update_available_quantity(product, location, 1000)
partner = env['res.partner'].create({{
    'name': 'Jörg Müller', 'street': 'Hauptstraße 5', 'zip': '24937', 'city': 'Flensburg',
    'country_id': env.ref('base.de').id, 'email': 'joerg.mueller@example.com',
}})
orders = env['sale.order'].create([{{
    'partner_id': partner.id, 'client_order_ref': f'SHOP-{{number}}',
    'order_line': [(0, 0, {{'product_id': product.id, 'product_uom_qty': number % 3 + 1}})],
}} for number in range({ORDERS})])
env['automation.rule'].search([('kind', '=', 'duplicate')]).active = False
orders._automation_start()
"""

STANDING = """
import json
env.cr.execute('''
    SELECT o.id,
           o.automation_state,
           (SELECT count(*) FROM stock_picking p WHERE p.sale_id = o.id AND p.state = 'done'),
           (SELECT count(*) FROM stock_picking p WHERE p.sale_id = o.id AND p.state != 'done'),
           (SELECT count(*) FROM account_move m
             WHERE m.invoice_origin = o.name AND m.state = 'posted'),
           (SELECT count(*) FROM account_move m
             WHERE m.invoice_origin = o.name AND m.state != 'posted'),
           (SELECT count(*) FROM automation_mail a WHERE a.order_id = o.id AND a.kind = 'receipt'),
           (SELECT count(*) FROM automation_log l WHERE l.order_id = o.id AND l.code = 'release'),
           (SELECT count(*) FROM automation_log l WHERE l.order_id = o.id AND l.code = 'invoice')
      FROM sale_order o
     WHERE o.automation_policy_id IS NOT NULL
  ORDER BY o.id
''')
rows = env.cr.fetchall()
product = env['product.product'].search([('name', '=', 'Lamp')])
moves = env['account.move'].search([('move_type', '=', 'out_invoice'), ('state', '=', 'posted')])
print(json.dumps({
    'rows': rows,
    'left': sum(product.stock_quant_ids.filtered(
        lambda quant: quant.location_id.usage == 'internal').mapped('quantity')),
    'sold': sum(env['sale.order.line'].search([('product_id', '=', product.id)])
                .mapped('product_uom_qty')),
    'numbers': sorted(moves.mapped('sequence_number')),
    'cases': env['automation.case'].search([('state', '=', 'open')]).mapped('explanation'),
}))
"""


@pytest.fixture
def database(make_database):
    """Sixty orders that are to go all the way from the checks to the posted invoice."""
    made = make_database(["order_automation"])
    made.run(SETUP)
    return made


def finish(database, workers=1):
    """Let workers run until nothing is due."""
    processes = [database.start("engine") for _worker in range(workers)]
    for process in processes:
        output, _errors = process.communicate(timeout=600)
        assert process.returncode == 0, "a worker must not fall over the other one"
        assert "finished" in output


def assert_everything_once(standing):
    """Each order was checked, released, delivered and invoiced exactly once."""
    assert len(standing["rows"]) == ORDERS
    assert not standing["cases"]
    for order_id, state, done, undone, posted, unposted, receipts, releases, invoices in standing[
        "rows"
    ]:
        facts = (done, undone, posted, unposted, receipts, releases, invoices)
        assert facts == (1, 0, 1, 0, 1, 1, 1), f"order {order_id} ({state})"
        assert state in ("invoiced", "done")
    assert standing["left"] == 1000 - standing["sold"]
    numbers = standing["numbers"]
    assert numbers == list(range(numbers[0], numbers[0] + ORDERS)), "invoice numbers without gaps"


def test_killed_at_any_moment(database):
    """Two workers are killed again and again at moments drawn by chance."""
    chance = random.Random(19)
    kills_at_work = 0
    for _round in range(6):
        processes = [database.start("engine") for _worker in range(2)]
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.1, 2.0))
        for process in processes:
            kills_at_work += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
    assert kills_at_work >= 4, "the kills have to hit workers at work"
    finish(database)
    assert_everything_once(database.run(STANDING))


def test_two_workers_at_once_and_a_double_run(database):
    """Three workers share the orders; a further run finds nothing to do."""
    finish(database, workers=3)
    first = database.run(STANDING)
    assert_everything_once(first)
    finish(database)
    assert database.run(STANDING) == first
