"""Mails over a real SMTP server: what arrives, and that nothing arrives twice."""

import socket
import threading
import time
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

MAILS = 30

SETUP = """
for lang in ('en_US', 'de_DE'):
    env['res.lang']._activate_lang(lang)
env['automation.policy'].search([]).write({'active': False})
policy = env['automation.policy'].create({'name': 'Mails'})
env.company.write({'name': 'Tee & Söhne GmbH', 'email': 'shop@example.com'})
env['res.partner.bank'].create({
    'acc_number': 'DE89370400440532013000', 'partner_id': env.company.partner_id.id,
})
env['ir.mail_server'].search([]).unlink()
env['ir.mail_server'].create({
    'name': 'Loopback', 'smtp_host': '127.0.0.1', 'smtp_port': PORT, 'smtp_encryption': 'none',
})
env['ir.cron'].search([]).write({'active': False})
product = env['product.product'].create({'name': 'Teetasse „Blaue Stunde“', 'list_price': 10})
partners = env['res.partner'].create([
    {'name': f'Jörg Müller {number}', 'email': f'buyer{number}@example.com', 'lang': 'de_DE'}
    for number in range(COUNT)
])
env['sale.order'].create([{
    'partner_id': partner.id, 'automation_policy_id': policy.id,
    'order_line': [(0, 0, {'product_id': product.id, 'product_uom_qty': 2})],
} for partner in partners])
"""

FILL = """
env['automation.mail'].search([]).unlink()
env['automation.case'].search([]).unlink()
env['automation.mail']._enqueue('payment', orders=env['sale.order'].search([]))
"""

SEND = """
env['automation.mail']._cron_mails()
env['mail.mail'].process_email_queue()
"""

AGE = """
env.cr.execute("UPDATE automation_mail SET write_date = write_date - interval '1 hour'")
env.cr.execute("UPDATE automation_mail SET next_try = next_try - interval '1 hour'")
"""

STATES = """
import json
mails = env['automation.mail'].search([])
cases = env['automation.case'].search([('state', '=', 'open')])
print(json.dumps({'states': mails.mapped('state'), 'cases': cases.mapped('code')}))
"""


class Mailbox:
    """Keeps every mail; can hold the answer back at one of them, or refuse a number of times."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.empty()

    def empty(self) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.pause_at = 0
        self.paused = threading.Event()
        self.busy = 0

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        if self.busy:
            self.busy -= 1
            return "451 4.3.2 come back later"
        self.mails.append((envelope.rcpt_tos[0], envelope.content))
        if len(self.mails) == self.pause_at:
            self.paused.set()
            time.sleep(2)
        return "250 OK"


@pytest.fixture(scope="module")
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler = Mailbox(probe.getsockname()[1])
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture(scope="module")
def orders(make_database, server):
    """Thirty orders in a database that sends over the loopback server."""
    made = make_database(["order_automation"])
    made.run(SETUP.replace("PORT", str(server.port)).replace("COUNT", str(MAILS)))
    return made


@pytest.fixture
def mailbox(server):
    server.empty()
    return server


@pytest.fixture
def database(orders):
    """Thirty payment mails in the outbox."""
    orders.run(FILL)
    return orders


def start_sending(database, folder: Path):
    script = folder / "send.py"
    script.write_text(SEND)
    return database.start("run", str(script))


def counts(mailbox) -> Counter:
    return Counter(address for address, _content in mailbox.mails)


def test_a_mail_as_it_arrives(database, mailbox):
    database.run(SEND)
    assert set(counts(mailbox).values()) == {1}
    assert len(mailbox.mails) == MAILS
    mail = message_from_bytes(mailbox.mails[0][1], policy=policy.default)
    assert mail["Subject"].startswith("So bezahlen Sie Ihre Bestellung S0")
    assert "Söhne" in str(mail["From"])
    text = mail.get_body(("plain",)).get_content()
    assert "Guten Tag Jörg Müller" in text
    assert "DE89 3704 0044 0532 0130 00" in text
    picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"].strip("<>") in mail.get_body(("html",)).get_content()
    answer = database.run(STATES)
    assert Counter(answer["states"]) == {"sent": MAILS}


def test_killed_while_sending(database, mailbox, tmp_path):
    mailbox.pause_at = 10
    process = start_sending(database, tmp_path)
    assert mailbox.paused.wait(120)
    process.kill()
    process.wait()
    time.sleep(2)
    database.run(AGE)
    database.run(SEND)
    database.run(SEND)
    assert max(counts(mailbox).values()) == 1, "no mail twice"
    answer = database.run(STATES)
    assert Counter(answer["states"]) == {"sent": MAILS - 1, "failed": 1}
    assert answer["cases"] == ["technical:mail:payment"]
    assert len(mailbox.mails) == MAILS


def test_two_queues_at_once(database, mailbox, tmp_path):
    processes = [start_sending(database, tmp_path) for _number in range(2)]
    assert [process.wait(timeout=300) for process in processes] == [0, 0]
    database.run(SEND)
    assert counts(mailbox) == {f"buyer{number}@example.com": 1 for number in range(MAILS)}
    assert Counter(database.run(STATES)["states"]) == {"sent": MAILS}


def test_a_busy_server(database, mailbox):
    mailbox.busy = 5
    database.run(SEND)
    assert Counter(database.run(STATES)["states"]) == {"sent": MAILS - 5, "handed": 5}
    database.run(AGE)
    database.run(SEND)
    answer = database.run(STATES)
    assert Counter(answer["states"]) == {"sent": MAILS}
    assert not answer["cases"]
    assert set(counts(mailbox).values()) == {1}
