"""Four shops, one warehouse: orders in, parcels and stock back, over real HTTP.

The shops are those of the demo, each checking what it is asked; where the vendors' documents are at
hand, every request is held against them.
"""

import json
import signal
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from house import paths

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]

from demolib import goods, story  # noqa: E402
from demolib.world import World  # noqa: E402

SHIPPING = {"gambio", "amazon", "ebay"}  # those that can be told of parcels
LANTERN = goods.LANTERN

OPEN = """
import json
demo = env['automation.demo']
demo._connect(json.loads('''SETTINGS'''), 9)
env['ir.mail_server'].search([]).active = False
demo._open_shops()
env.cr.commit()
for name in ('listings', 'stock'):
    env.ref(f'shop_connector.ir_cron_{name}').ir_actions_server_id.run()
demo._match_offers()
env.cr.commit()
for name in ('stock', 'stock_push'):
    env.ref(f'shop_connector.ir_cron_{name}').ir_actions_server_id.run()
"""

FETCH = """
env['shop.account'].search([]).write({'next_poll': False, 'next_try': False})
env['shop.stock.task'].search([]).write({'next_slow': False})
env.cr.commit()
for name in (
    'shop_connector.ir_cron_poll', 'shop_connector.ir_cron_interpret',
    'order_automation.ir_cron_automation_orders', 'shop_connector.ir_cron_stock',
    'shop_connector.ir_cron_stock_push',
):
    env.ref(name).ir_actions_server_id.run()
    env.cr.commit()
"""

SHIP = """
from datetime import timedelta
env['automation.demo']._warehouse_work(age=timedelta(minutes=-1))
env.cr.commit()
env.ref('order_automation.ir_cron_automation_orders').ir_actions_server_id.run()
"""

AGE = """
env.cr.execute("UPDATE shop_message SET lease_until = NULL, next_try = NULL")
env.cr.execute("DELETE FROM shop_pause")
env.cr.commit()
env.invalidate_all()
"""

MESSAGES = """
env.ref('shop_connector.ir_cron_messages').ir_actions_server_id.run()
"""

TELL = """
for name in ('messages', 'stock', 'stock_push'):
    env.ref(f'shop_connector.ir_cron_{name}').ir_actions_server_id.run()
    env.cr.commit()
"""

STANDING = """
import json
orders = env['sale.order'].search([('shop_account_id', '!=', False)], order='id')
listings = env['shop.listing'].search([('wanted_state', '!=', False)])
lantern = env.ref('automation_demo.product_wo_6003')
print(json.dumps({
    'orders': [[o.shop_account_id.name, o.automation_state, o.picking_ids.mapped('state')]
               for o in orders],
    'messages': env['shop.message'].search([('kind', '=', 'shipment')]).mapped('state'),
    'wanted': {f'{x.account_id.get_external_id()[x.account_id.id]} {x.sku}': x.wanted
               for x in listings},
    'pending': listings.filtered('pending').mapped('sku'),
    'lantern': lantern.free_qty,
    'cases': env['automation.case'].search([('state', '=', 'open')]).mapped('explanation'),
    'errors': [name for name in env['shop.account'].search([]).mapped('last_error') if name],
}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the shops' memory and the workers' log are."""
    return tmp_path_factory.mktemp("shops")


@pytest.fixture(scope="module")
def world(folder):
    """Four shops with their first day's shelves."""
    world = World(folder)
    for outlet in world.shops.values():
        outlet.server.start()
    world.shops["gambio"].prepare(["paypal", "paypal", "paypal"])
    yield world
    for outlet in world.shops.values():
        outlet.server.stop()


@pytest.fixture(scope="module")
def company(make_database, world, folder):
    """The demo company before its first order, with all accounts live; it writes down all."""
    made = make_database(["automation_demo"])
    settings = json.dumps(world.settings("http://127.0.0.1:9"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENARIO_LOG", str(folder / "odoo.log"))
        made.run(OPEN.replace("SETTINGS", settings.replace("\\", "\\\\")))
        yield made


def order_everywhere(world, number=0):
    """Let a buyer order in each shop, ten minutes ago: Amazon shows orders after two."""
    when = story.local_now() - timedelta(minutes=10)
    for channel, kind in (
        ("gambio", "paypal"),
        ("amazon", "lantern"),
        ("ebay", "lantern"),
        ("yatego", "paypal"),
    ):
        world.shops[channel].place(kind, number, when)


def newest(world, channel):
    """The order that was placed last in a shop."""
    return world.shops[channel].facts().orders[0]


def assert_rules_kept(world, folder):
    """No shop was asked anything it does not document; nobody wrote a secret down."""
    for outlet in world.shops.values():
        assert outlet.facts().violations == [], outlet.title
    log = (folder / "odoo.log").read_text()
    assert "urllib3.connectionpool" in log, "the log has to hold what the workers did"
    for outlet in world.shops.values():
        for secret in spelled(outlet.secrets):
            assert secret not in log, outlet.title


def spelled(secrets):
    """The ways in which a secret could be written."""
    from urllib.parse import quote, quote_plus

    return {form for it in secrets for form in (it, quote(it), quote(it, safe=""), quote_plus(it))}


def shelf(world, channel, article):
    """What a shop shows of one of our articles, sold by the piece."""
    offers = [it for it in goods.offers(channel) if it.article == article and it.pack == 1]
    return next(world.shops[channel].shelves()[it.sku] for it in offers if not it.by_channel)


def test_an_order_in_each_shop(world, company, folder):
    """Imported, shipped with tracking, told to its shop; every shop shows what is left."""
    before = company.run(STANDING)
    assert not before["errors"] + before["pending"]
    assert shelf(world, "gambio", LANTERN) == before["lantern"] == 6
    order_everywhere(world)
    standing = company.run(FETCH + STANDING)
    assert [state for _name, state, _pickings in standing["orders"]] == ["released"] * 4
    sold = before["lantern"] - standing["lantern"]
    assert 3 <= sold <= 5
    assert shelf(world, "gambio", LANTERN) == 6 - sold, "the shop that sold none of them"
    standing = company.run(SHIP + TELL + STANDING)
    assert {state for _name, state, _pickings in standing["orders"]} <= {"invoiced", "done"}
    assert standing["messages"] == ["sent"] * 3
    assert not standing["errors"] + standing["pending"] + standing["cases"]
    for channel in SHIPPING:
        order = newest(world, channel)
        assert len(order.parcels) == 1, channel
        assert order.parcels[0].split()[-1].isdigit(), "with its tracking number"
        assert order.state in ("Versandt", "Versendet"), channel
    for channel, outlet in world.shops.items():
        shown, offers = outlet.shelves(), {it.sku: it for it in goods.offers(channel)}
        told = {
            key.split()[1]: quantity
            for key, quantity in standing["wanted"].items()
            if key.split()[0] == f"automation_demo.account_{channel}"
        }
        assert len(told) >= len([it for it in offers.values() if it.article]) - 1
        assert {sku: shown[sku] for sku in told} == told, channel
    assert_rules_kept(world, folder)


def test_killed_between_the_call_and_the_commit(world, company, folder, tmp_path):
    """The shop knows the parcel, Odoo does not know that it does: nothing is told twice."""
    amazon, ebay = world.shops["amazon"].shop, world.shops["ebay"].shop
    order_everywhere(world, 1)
    messages = company.run(FETCH + SHIP + STANDING)["messages"]
    assert messages.count("pending") == 3
    before = len(amazon.confirmations), len(ebay_parcels(ebay))
    told = {channel: hold_answers(world.shops[channel]) for channel in SHIPPING}
    killed = 0
    for _round in range(len(SHIPPING)):
        script = tmp_path / "tell.py"
        script.write_text(AGE + MESSAGES)
        process = company.start("run", str(script))
        arrived = wait_for_any(told)
        assert process.poll() is None, "the kill has to hit a worker that waits for the answer"
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        told.pop(arrived).set()
        killed += 1
    assert killed == len(SHIPPING)
    assert company.run(AGE + TELL + STANDING)["messages"] == ["sent"] * len(messages)
    for channel in SHIPPING:
        assert len(newest(world, channel).parcels) == 1, f"{channel} was told twice"
    calls = len(amazon.confirmations), len(ebay_parcels(ebay))
    assert calls == (before[0] + 1, before[1] + 1), "asked what is known, not told again"
    assert_rules_kept(world, folder)


def ebay_parcels(shop):
    """The calls that told eBay of a parcel."""
    return [call for call in shop.log if call.method == "POST" and is_shipment(call.path)]


class Held:
    """A shop that does what it is told and then keeps its answer back until it is let go."""

    def __init__(self, outlet) -> None:
        self.arrived = threading.Event()
        self.free = threading.Event()
        self.set = self.free.set
        answer = outlet.server.answer

        def slowly(call):
            sent = answer(call)
            if call.method == "POST" and not self.free.is_set() and is_shipment(call.path):
                self.arrived.set()
                return replace(sent, wait=20.0)
            return sent

        outlet.server.answer = slowly


def is_shipment(path: str) -> bool:
    """Whether a call tells of a parcel."""
    return any(word in path for word in ("tracking_codes", "shipmentConf", "shipping_fulfil"))


def hold_answers(outlet) -> Held:
    """Let a shop keep its answers about parcels back."""
    return Held(outlet)


def wait_for_any(told: dict[str, Held]) -> str:
    """Wait until one of the shops was told something; return which."""
    for _turn in range(1200):
        for channel, held in told.items():
            if held.arrived.wait(0.05):
                return channel
    raise AssertionError("no shop was told anything")


def test_no_log_holds_a_secret_of_the_demo(tmp_path):
    """Whatever the demo's server and its installation wrote down so far."""
    world = World(tmp_path)
    secrets = spelled([it for outlet in world.shops.values() for it in outlet.secrets])
    logs = sorted(paths.LOGS.glob("demo*.log"))
    for log in logs:
        text = log.read_text(errors="replace")
        assert not [secret for secret in secrets if secret in text], log.name
