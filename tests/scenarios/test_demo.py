"""The demo's outside world: its story is always the same; its mail catcher runs nothing."""

import asyncio
import smtplib
import sys
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT)]

from demolib import goods, payers, story  # noqa: E402
from demolib.mailbox import Mailbox  # noqa: E402
from demolib.pages import Pages  # noqa: E402
from demolib.shops import Sale  # noqa: E402
from demolib.smtp import Catcher  # noqa: E402
from demolib.wire import post  # noqa: E402
from demolib.world import World  # noqa: E402

BIRTH = datetime(2026, 11, 23, 17, 0)


def _kinds(events, shop):
    return [event.kind for event in events if event.shop == shop]


class TestStory:
    def test_it_is_always_the_same(self):
        assert story.tell(BIRTH) == story.tell(BIRTH)

    def test_a_later_day_tells_it_later(self):
        early, late = story.tell(BIRTH)[0], story.tell(BIRTH + timedelta(days=7))[0]
        assert early[-1].when < late[-1].when

    def test_the_month_is_busy_every_day(self):
        past, coming = story.tell(BIRTH)
        assert len({event.when.date() for event in past}) >= story.DAYS
        assert past == sorted(past, key=lambda event: event.when)
        placed = [(it.shop, it.number) for it in past + coming if it.deed == "place"]
        assert len(set(placed)) == len(placed)
        for shop in goods.CHANNELS:
            numbers = [number for channel, number in placed if channel == shop]
            assert sorted(numbers) == list(range(len(numbers)))

    def test_nothing_happens_to_an_order_before_it_is_placed(self):
        past, coming = story.tell(BIRTH)
        seen = set()
        for event in past + coming:
            if event.deed == "place":
                seen.add((event.shop, event.number))
            assert (event.shop, event.number) in seen

    def test_the_last_days_have_every_trouble(self):
        past = [event for event in story.tell(BIRTH)[0] if event.when > BIRTH - timedelta(days=2)]
        assert {"replacement", "fba", "business", "prime", "pending"} <= set(_kinds(past, "amazon"))
        assert {"collected", "note", "combined", "packstation"} <= set(_kinds(past, "ebay"))
        assert {"prepayment", "cod"} <= set(_kinds(past, "yatego"))
        assert {"duplicate", "wrong_total", "unknown_sku"} <= set(_kinds(past, "gambio"))
        assert ("ask_to_cancel" in {event.deed for event in past}) is True


class TestCatalogue:
    def test_numbers_are_good(self):
        codes = [goods.ean(article.sku) for article in goods.ARTICLES]
        assert len(set(codes)) == len(codes) == 30
        for code in codes:
            assert not sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(code)) % 10

    def test_shops_sell_the_same_under_their_own_numbers(self):
        for channel in goods.CHANNELS:
            offers = goods.offers(channel)
            assert len({offer.sku for offer in offers}) == len(offers) > 10
            assert {offer.article for offer in offers} <= {*goods.by_sku, ""}
            assert all(offer.name and offer.price > 0 for offer in offers)
        own = {offer.sku for offer in goods.offers("amazon")}
        assert not own & set(goods.by_sku)


@pytest.fixture
def world(tmp_path):
    """The whole world but for the mail server."""
    world = World(tmp_path)
    pages = Pages(0, world)
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
        assert not any(outlet.facts().orders for outlet in here.shops.values())
        half = int(post(url, "/clock", str(birth - timedelta(days=15))))
        assert 0 < half < int(post(url, "/clock", str(birth)))
        assert all(outlet.facts().orders for outlet in here.shops.values())

    def test_the_shops_live_in_the_story_and_then_now(self, world):
        url, here = world
        birth = datetime.fromisoformat(post(url, "/reset"))
        amazon, ebay = here.shops["amazon"].shop, here.shops["ebay"].shop
        post(url, "/clock", str(birth - timedelta(days=15)))
        past = datetime.now(UTC) - timedelta(days=15)
        assert abs(amazon.clock() - past.timestamp()) < 20
        assert abs((ebay.now() - past).total_seconds()) < 20
        post(url, "/clock", str(birth))
        assert abs(amazon.clock() - datetime.now(UTC).timestamp()) < 2

    def test_a_restart_remembers(self, world, tmp_path):
        url, here = world
        post(url, "/clock", post(url, "/reset"))
        here.shops["gambio"].shop.set_status(400210, 3)
        happened = [post(url, "/buy/ebay"), post(url, "/buy/amazon")]
        assert "ebay" in happened[0]
        here.keep()
        here.shops["amazon"].shop.tokens["Atza|token-1"] = 1.0
        here.keep()
        again = World(tmp_path)
        assert "Atza|token-1" in again.shops["amazon"].shop.tokens
        for channel, outlet in here.shops.items():
            assert again.shops[channel].facts() == outlet.facts()
            assert again.shops[channel].shelves() == outlet.shelves()
        assert again.next_event("ebay") != "nothing"
        assert len(again.shops["ebay"].facts().orders) == len(here.shops["ebay"].facts().orders) + 1

    def test_shelves_shrink_with_sales(self, world):
        url, here = world
        post(url, "/reset")
        before = {channel: outlet.shelves() for channel, outlet in here.shops.items()}
        for channel in goods.CHANNELS:
            post(url, f"/buy/{channel}")
            assert sum(here.shops[channel].shelves().values()) < sum(before[channel].values())


class TestShopPages:
    def test_the_page_shows_every_shop(self, world):
        url, here = world
        post(url, "/clock", post(url, "/reset"))
        page = _get(f"{url}/shops")[1].decode()
        for outlet in here.shops.values():
            assert f'href="/shops/{outlet.channel}"' in page
            assert (
                outlet.facts().orders[0].number in _get(f"{url}/shops/{outlet.channel}")[1].decode()
            )
        assert "packs of 3" in page
        assert post(url, "/violations") == ""

    def test_what_is_against_the_rules_is_shown(self, world):
        url, here = world
        here.shops["ebay"].shop.violations.append("getOrders: <nonsense>")
        assert "getOrders: &lt;nonsense&gt;" in _get(f"{url}/shops/ebay")[1].decode()
        assert post(url, "/violations") == "eBay: getOrders: <nonsense>"


class TestMoney:
    @pytest.fixture
    def lived(self, world, monkeypatch):
        """A month has gone by; it is five in the afternoon."""
        url, here = world
        monkeypatch.setattr(story, "local_now", lambda: BIRTH)
        birth = datetime.fromisoformat(post(url, "/reset"))
        for back in range(story.DAYS, -1, -1):
            post(url, "/clock", str(birth - timedelta(days=back, hours=1)))
        return url, here, birth

    def test_every_booking_is_in_one_statement_and_balances_close(self, lived):
        _url, here, birth = lived
        bank, told = here.money.bank, []
        for path in sorted(bank.folder.glob("*camt.053.xml")):
            opening, closing, booked = _read(path)
            assert opening + sum(amount for _key, amount in booked) == closing
            assert opening == Decimal("18250.00") + sum(amount for _key, amount in told)
            told += booked
        today = (birth - timedelta(hours=1)).date()
        before = [one for one in bank.booked if one.when.date() < today]
        assert told == [(one.reference, one.amount) for one in before]
        assert len({key for key, _amount in told}) == len(told) > 20

    def test_reports_tell_the_same_as_the_statements_after_them(self, lived):
        bank = lived[1].money.bank
        reported = {key for path in bank.folder.glob("*camt.052.xml") for key, _ in _read(path)[2]}
        stated = {key for path in bank.folder.glob("*camt.053.xml") for key, _ in _read(path)[2]}
        assert len(reported & stated) > 10

    def test_files_are_as_old_as_they_are_in_the_story(self, lived):
        _url, here, birth = lived
        newest = max(path.stat().st_mtime for path in here.money.bank.folder.glob("*.xml"))
        assert 0 < birth.replace(tzinfo=story.BERLIN).timestamp() - newest < 86400

    def test_the_last_day_has_every_habit(self, lived):
        _url, here, birth = lived
        last = [one for one in here.money.bank.booked if one.when > birth - timedelta(hours=24)]
        texts = [one.text.replace("\n", "") for one in last]
        assert any(text.startswith("Bestellungen") and " und " in text for text in texts)
        assert any(one.name.isupper() for one in last)
        assert any(one.code == "returned" for one in last)
        owed = {sale.total for sale in _sales(here)}
        assert any(one.amount > 0 and one.amount not in owed for one in last)

    def test_paypal_has_what_buyers_paid_and_gave_back(self, lived):
        url, here, _birth = lived
        entries = here.money.paypal.server.entries
        paid = {one.info["invoice_id"] for one in entries if one.code == "T0006"}
        assert paid == {sale.number for sale in _sales(here) if sale.way == "paypal"}
        assert {"T0403", "T1107", "T1201"} <= {one.code for one in entries}
        assert post(url, "/violations") == ""

    def test_the_page_shows_both(self, lived):
        url, here, _birth = lived
        text = _get(f"{url}/money")[1].decode()
        assert here.money.bank.booked[-1].name in text
        assert "Chargeback" in text
        here.money.paypal.server.violations.append("<too often>")
        assert post(url, "/violations") == "PayPal: <too often>"

    def test_a_restart_remembers_the_money(self, lived, tmp_path):
        _url, here, _birth = lived
        here.keep()
        again = World(tmp_path)
        assert again.money.bank.booked == here.money.bank.booked
        assert len(again.money.paypal.server.entries) == len(here.money.paypal.server.entries)

    def test_a_new_order_is_paid_soon(self, lived):
        url, here, birth = lived
        post(url, "/clock", str(birth))
        sale = Sale("1", "G-1", story.local_now(), Decimal("9.90"), "A B", "a@b.c", "prepayment")
        here.money.ordered(sale)
        here.money.live_until(story.local_now() + timedelta(minutes=5))
        assert here.money.bank.booked[-1].name == "A B"

    def test_accounts_have_right_check_digits(self):
        for name in ("a", "b", "ä"):
            number = payers.iban(name)
            digits = "".join(str(int(sign, 36)) for sign in number[4:] + number[:4])
            assert int(digits) % 97 == 1


def _read(path):
    """Balances and bookings of a camt file, read without the product's code."""
    tree = etree.parse(path)
    opening, closing = (_signed(balance) for balance in tree.iterfind(".//{*}Bal"))
    entries = [(e.findtext("{*}AcctSvcrRef"), _signed(e)) for e in tree.iterfind(".//{*}Ntry")]
    return opening, closing, entries


def _signed(node):
    amount = Decimal(node.findtext("{*}Amt"))
    return -amount if node.findtext("{*}CdtDbtInd") == "DBIT" else amount


def _sales(world):
    """What was to be paid of all orders placed so far."""
    done = world.past[: world.state["shown"]]
    placed = [it for it in done if it.deed == "place" and it.kind != "duplicate"]
    found = [world.shops[event.shop].sale(event.number, event.when) for event in placed]
    return [sale for sale in found if sale]


class TestMarket:
    def test_its_file_is_opentrans(self, world, shared):
        file = etree.fromstring(_get(f"{world[0]}/feed/orders.xml")[1])
        folder = shared / "specs" / "dispatch" / "opentrans-2.1"
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        schema = etree.XMLSchema(etree.parse(folder / "opentrans_2_1.xsd", parser))
        assert len(file) == 6
        for order in file:
            schema.assertValid(etree.fromstring(etree.tostring(order)))
