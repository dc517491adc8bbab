"""Telling a shop with several workers, killed at any moment: each message once, none lost."""

import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

ORDERS = 40

CHANNEL = """
field = env['shop.account']._fields['channel']
field.selection = [*field.selection, ('scenario', 'Scenario')]
field._selection = {**field._selection, 'scenario': 'Scenario'}
registry = env.registry['shop.account']
registry._channel_capabilities = lambda self: frozenset({'cancellations'})
"""

SETUP = (
    CHANNEL
    + f"""
account = env['shop.account'].create({{'name': 'Shop', 'channel': 'scenario', 'live': True}})
partner = env['res.partner'].create({{'name': 'Anna'}})
product = env['product.product'].create({{'name': 'Lamp'}})
for number in range({ORDERS}):
    record = env['shop.order'].create({{
        'account_id': account.id, 'company_id': account.company_id.id, 'state': 'imported',
        'external_id': str(number), 'number': str(number), 'received': '2026-11-20 10:00:00',
        'facts': {{'lines': {{'1': 'LAMP|1|9.99|19'}}}},
    }})
    order = env['sale.order'].create({{
        'partner_id': partner.id, 'shop_account_id': account.id, 'shop_order_id': record.id,
        'order_line': [(0, 0, {{'product_id': product.id, 'shop_line_id': '1'}})],
    }})
    order._action_cancel()
"""
)

WORKER = """
import os, time
from datetime import timedelta
from odoo.addons.shop_connector.lib.outbox import Receipt
from odoo.addons.shop_connector.models import shop_message_send

shop_message_send.LEASE = timedelta(seconds={lease})

def take(account, told):
    line = f'{{told.external_id}} {{told.again:d}}\\n'.encode()
    handle = os.open('{file}', os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, line)
    os.close(handle)
    time.sleep({call})
    return Receipt()

env.registry['shop.account']._channel_capabilities = lambda self: frozenset({{'cancellations'}})
env.registry['shop.account']._channel_report_cancellation = take
for _run in range(3):
    env['shop.message']._cron_messages()
"""

STATES = """
import json
env.cr.execute("SELECT state, count(*) FROM shop_message GROUP BY state")
print(json.dumps(dict(env.cr.fetchall())))
"""


@pytest.fixture
def database(make_database):
    """Forty cancelled orders of which the shop knows nothing."""
    made = make_database(["shop_connector"])
    made.run(SETUP)
    return made


@pytest.fixture
def start(database, tmp_path):
    """Starts workers; the shop writes down every call in a file."""

    def go(workers, *, lease=60, call=0.02):
        script = tmp_path / "worker.py"
        script.write_text(WORKER.format(lease=lease, call=call, file=tmp_path / "calls"))
        return [database.start("run", str(script)) for _worker in range(workers)]

    return go


def calls(tmp_path: Path) -> list[tuple[str, str]]:
    """Return (order, again) of every call the shop got."""
    file = tmp_path / "calls"
    return [tuple(line.split()) for line in file.read_text().splitlines()] if file.exists() else []


def finish(processes):
    """Wait until the workers are done."""
    for process in processes:
        process.communicate(timeout=300)
        assert process.returncode == 0, "a worker must not fall over the other one"


def test_three_workers(database, start, tmp_path):
    """They share the work: every message is told exactly once."""
    finish(start(3))
    assert Counter(calls(tmp_path)) == {(str(number), "0"): 1 for number in range(ORDERS)}
    assert database.run(STATES) == {"sent": ORDERS}


def test_killed_at_any_moment(database, start, tmp_path):
    """A message that a killed worker had in hand is asked about before it is repeated."""
    chance = random.Random(7)
    for _round in range(4):
        processes = start(2, lease=4, call=0.1)
        seen, deadline = len(calls(tmp_path)), time.monotonic() + 60
        while len(calls(tmp_path)) <= seen and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0.0, 0.4))
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
    killed = len(calls(tmp_path))
    assert 4 <= killed < ORDERS, "the kills have to hit workers at work"
    for _round in range(2):
        time.sleep(4.5)
        finish(start(1, lease=4, call=0.0))
    assert database.run(STATES) == {"sent": ORDERS}
    told = {order for order, _again in calls(tmp_path)}
    assert told == {str(number) for number in range(ORDERS)}
    # killed before it could call, a worker leaves a message that is only asked about
    firsts = Counter(order for order, again in calls(tmp_path) if again == "0")
    assert set(firsts.values()) == {1}, "told without asking once at most"
    repeated = [order for order, again in calls(tmp_path) if again == "1"]
    assert repeated, "the kills have to hit a worker with a message in hand"
    assert len(repeated) <= 10
