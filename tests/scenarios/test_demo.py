"""The demo's outside world: its story is always the same; its mail catcher runs nothing."""

import asyncio
import smtplib
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]

from demolib import story  # noqa: E402
from demolib.mailbox import Mailbox  # noqa: E402
from demolib.smtp import Catcher  # noqa: E402
from demolib.wire import post  # noqa: E402
from demolib.world import World, _Pages  # noqa: E402

BIRTH = datetime(2026, 11, 23, 17, 0)


class TestStory:
    def test_it_is_always_the_same(self):
        assert story.tell(BIRTH) == story.tell(BIRTH)

    def test_a_later_day_tells_it_later(self):
        early, late = story.tell(BIRTH)[0], story.tell(BIRTH + timedelta(days=7))[0]
        assert max(order["purchaseDate"] for order in early) < late[-1]["purchaseDate"]

    def test_the_month_is_busy_every_day(self):
        past, coming = story.tell(BIRTH)
        days = Counter(order["purchaseDate"][:10] for order in past)
        assert len(days) >= story.DAYS
        assert past == sorted(past, key=lambda order: order["purchaseDate"])
        assert len({order["id"] for order in past + coming}) == len(past) + len(coming)

    def test_only_the_unknown_articles_are_unknown(self):
        known = {article.sku for article in story.catalogue()}
        past, coming = story.tell(BIRTH)
        sold = Counter(item["model"] for order in past + coming for item in order["items"])
        strange = [sku for sku in sold if sku not in known]
        assert strange
        assert all(sku.startswith("NEU-") for sku in strange)
        assert len(set(sold) & known) > len(known) - 3

    def test_the_last_day_has_every_trouble(self):
        last = story.tell(BIRTH)[0][-len(story.LAST_DAYS) :]
        assert any(order["comment"] for order in last)
        streets = [order["addresses"]["delivery"] for order in last]
        lockers = [row for row in streets if row["street"].startswith("Packstation")]
        assert any(not row["additionalAddressInfo"] for row in lockers)
        assert any(order["items"][0]["model"].startswith("NEU-") for order in last)
        baskets = Counter(
            (order["customer"]["id"], tuple(item["model"] for item in order["items"]))
            for order in last
        )
        assert max(baskets.values()) == 2


class TestCatalogue:
    def test_numbers_are_good(self):
        module = sys.modules["demo_catalogue"]
        codes = [module.ean(place) for place in range(1, len(module.ARTICLES) + 1)]
        assert len(set(codes)) == len(codes) == 30
        for code in codes:
            assert not sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(code)) % 10


@pytest.fixture
def world(tmp_path):
    """The whole world but for the shop's port."""
    world = World(tmp_path, 0)
    pages = _Pages(0, world)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{pages.server_address[1]}", world
    pages.shutdown()


@pytest.fixture
def smtp_port(tmp_path):
    """A catcher that fills ``tmp_path / "mails"``."""
    mailbox, found, loop = Mailbox(tmp_path / "mails"), [], asyncio.new_event_loop()
    ready = threading.Event()

    async def serve():
        catcher = Catcher(mailbox.keep)
        server = await asyncio.start_server(catcher._session, "127.0.0.1", 0, limit=50_000_000)
        found.append(server.sockets[0].getsockname()[1])
        ready.set()
        async with server:
            await server.serve_forever()

    threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True).start()
    ready.wait(5)
    return found[0], mailbox


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "service@shop.example", "Käthe Groß <k@example.org>"
    mail["Subject"] = "Ihre Bestellung <b>G-1</b>"
    mail["Date"] = "Mon, 23 Nov 2026 17:00:00 +0000"
    mail.set_content(".ein Punkt\n..zwei")
    mail.add_alternative("<h1>Grüße</h1><script>alert(1)</script>", subtype="html")
    mail.add_attachment(
        b"%PDF-1.4", maintype="application", subtype="pdf", filename="Rechnung ä.pdf"
    )
    return mail


def _get(url: str):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.headers, answer.read()


class TestMails:
    def test_dots_at_line_starts_survive(self, smtp_port):
        port, mailbox = smtp_port
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.send_message(_mail())
            server.send_message(_mail())
        assert [row.number for row in mailbox.rows()] == [2, 1]
        text = mailbox.message(1).get_body(("plain",)).get_content()
        assert text.splitlines() == [".ein Punkt", "..zwei"]
        assert mailbox.rows("käthe nichts") == []

    def test_a_mail_is_shown_locked_in(self, world):
        url, here = world
        here.mailbox.keep(_mail().as_bytes())
        page = _get(f"{url}/")[1].decode()
        assert "Ihre Bestellung &lt;b&gt;G-1&lt;/b&gt;" in page
        assert "23.11.2026 18:00" in page
        assert 'sandbox="allow-same-origin' in _get(f"{url}/mail/1")[1].decode()
        headers, text = _get(f"{url}/mail/1/text")
        assert "Grüße" in text.decode()
        policy = headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "allow-scripts" not in policy

    def test_attachments_come_out_as_they_went_in(self, world):
        url, here = world
        here.mailbox.keep(_mail().as_bytes())
        link = _get(f"{url}/mail/1")[1].decode().split('class="files"><a href="')[1].split('"')[0]
        headers, data = _get(f"{url}{link}")
        assert data == b"%PDF-1.4"
        assert headers["Content-Type"] == "application/pdf"

    def test_what_is_not_there_is_said_so(self, world):
        for path in ("/mail/7", "/mail/7/file/1/x", "/etc/passwd"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                _get(f"{world[0]}{path}")


class TestClock:
    def test_orders_come_as_time_goes_by(self, world):
        url, here = world
        birth = datetime.fromisoformat(post(url, "/reset"))
        assert not here.shop.orders
        half = int(post(url, "/clock", str(birth - timedelta(days=15))))
        assert 0 < half < int(post(url, "/clock", str(birth)))

    def test_a_restart_remembers(self, world, tmp_path):
        url, here = world
        birth = post(url, "/reset")
        post(url, "/clock", birth)
        assert World(tmp_path, 0).shop.orders == here.shop.orders
