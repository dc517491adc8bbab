import base64
import csv
import io
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.tests.common import LoopbackCase
from odoo.addons.file_transport.lib import pickup
from odoo.addons.file_transport.tests.common import PlacesCase

from ..lib import outbox
from ..lib.channel import ORDERS, SHIPMENTS, STOCK
from ..lib.feed.model import from_json, to_json
from .common import ShopCase

HEAD = (
    "order_number;order_date;currency;email;payment;order_total;billing_first_name;"
    "billing_last_name;billing_street;billing_zip;billing_city;billing_country;sku;name;quantity;"
    "line_total;tax_percent"
)
SHIPMENT = outbox.Shipment(
    external_id="7001",
    number="F-7001",
    ordered_at=datetime(2026, 11, 20, tzinfo=UTC),
    parcels=(
        outbox.Parcel(
            1,
            (("1", Decimal(2)),),
            datetime(2026, 11, 23, 8, tzinfo=UTC),
            "DHL",
            tracking="00340434161094042557",
        ),
    ),
    complete=True,
)


class FeedCase(LoopbackCase, PlacesCase, ShopCase):
    """An account whose orders come in files."""

    @classmethod
    def _patch_channel(cls):
        """Override: the channel itself is tested."""

    @classmethod
    def _account(cls, company, **vals):
        account = cls.env["shop.account"].create(
            {"name": "File shop", "channel": "file", "company_id": company.id, **vals}
        )
        account.feed_mapping = to_json(
            replace(from_json(account.feed_mapping), payments=(("paypal", "paypal"),))
        )
        account.payment_map_ids = [
            (0, 0, {"pattern": "paypal*", "method_id": cls.paypal.id, "paid": "always"})
        ]
        account.live = True
        return account

    def table(self, *numbers, total="52,90") -> bytes:
        """Return a file with these orders of two lines each."""
        rows = [HEAD]
        for number in numbers:
            head = (
                f"{number};2026-11-20 10:00;EUR;anna@mueller.example;PayPal;{total};Anna;Müller;"
                "Hauptstraße 5;10115;Berlin;Deutschland"
            )
            rows += [f"{head};LAMP;Lampe;2;39,98;19", f"{head};TEA;Tee;3;12,92;7"]
        return "\r\n".join([*rows, ""]).encode()

    def put(self, root, name: str, content: bytes, age: int = 60):
        """Leave a file that nobody writes on any more."""
        (root / name).write_bytes(content)
        moment = time.time() - age
        os.utime(root / name, (moment, moment))

    def fetch_from(self, place, **vals):
        """Let the account fetch from a place."""
        self.account.write(
            {
                "feed_source": "place",
                "feed_place_id": place.id,
                "feed_heads": "orders*.csv",
                **vals,
            }
        )

    def poll(self):
        """Fetch and interpret as the crons do; return the inbox."""
        self.account.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("shop_connector.ir_cron_poll").method_direct_trigger()
            self.env.ref("shop_connector.ir_cron_interpret").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["shop.order"].search([("account_id", "=", self.account.id)], order="number")

    def files(self, root, folder=""):
        """Return the names of files in a folder."""
        path = root / folder
        return sorted(p.name for p in path.iterdir() if p.is_file()) if path.is_dir() else []


@tagged("post_install", "-at_install")
class TestFeedOrders(FeedCase):
    def test_orders_come_over_every_transport_and_files_are_put_away(self):
        for make in (self.sftp_place, self.ftps_place, self.ftp_place, self.folder_place):
            with self.subTest(make.__name__):
                root = self.new_folder()
                name = make.__name__[:4]
                self.put(root, "orders-1.csv", self.table(f"{name}-1", f"{name}-2"))
                self.put(root, "orders-2.csv", self.table(f"{name}-3"))
                self.put(root, "other.txt", b"not ours")
                self.fetch_from(make(root))
                orders = self.poll().filtered(lambda order, name=name: name in order.number)
                self.assertEqual(orders.mapped("state"), ["imported"] * 3)
                self.assertEqual(orders[0].sale_order_id.amount_total, 52.90)
                self.assertEqual(self.files(root), ["other.txt"])
                self.assertEqual(self.files(root, "done"), ["orders-1.csv", "orders-2.csv"])
                self.assertFalse(self.account.last_error)

    def test_a_file_is_put_away_only_after_its_orders_are_stored(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001"))
        self.fetch_from(self.folder_place(root))
        page = self.account._channel_fetch_orders({})
        self.assertEqual([raw.external_id for raw in page.orders], ["7001"])
        self.assertTrue(page.more)
        self.assertEqual(self.files(root), ["orders.csv"], "killed before storing: nothing is lost")
        again = self.account._channel_fetch_orders({})
        self.assertEqual(again, page)
        after = self.account._channel_fetch_orders(page.cursor)
        self.assertEqual((after.orders, after.more), ((), False))
        self.assertEqual(self.files(root, "done"), ["orders.csv"])
        # killed before the cursor that forgets it was stored: the file is gone, that is all
        self.assertEqual(self.account._channel_fetch_orders(page.cursor).orders, ())

    def test_a_newer_file_of_the_same_name_is_not_put_away_unread(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001"))
        self.fetch_from(self.folder_place(root))
        page = self.account._channel_fetch_orders({})
        self.put(root, "orders.csv", self.table("7002"), age=50)
        after = self.account._channel_fetch_orders(page.cursor)
        self.assertEqual([raw.external_id for raw in after.orders], ["7002"])
        self.assertEqual(self.files(root), ["orders.csv"])

    def test_a_file_that_is_being_written_waits(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001"), age=0)
        self.fetch_from(self.folder_place(root))
        first = self.account._channel_fetch_orders({})
        self.assertEqual((first.orders, first.more), ((), False))
        grown = self.table("7001", "7002")
        self.put(root, "orders.csv", grown, age=-5)
        second = self.account._channel_fetch_orders(first.cursor)
        self.assertEqual(second.orders, (), "it has grown since")
        third = self.account._channel_fetch_orders(second.cursor)
        self.assertEqual(third.orders, (), "two looks within a moment prove nothing")
        with patch.object(pickup, "QUIET", timedelta(0)):
            fourth = self.account._channel_fetch_orders(third.cursor)
        self.assertEqual(len(fourth.orders), 2)

    def test_a_file_that_cannot_be_read_stays_with_a_case(self):
        root = self.new_folder()
        self.put(root, "orders-bad.csv", b"<html>login</html>")
        self.put(root, "orders-good.csv", self.table("7001"))
        self.fetch_from(self.folder_place(root))
        self.assertEqual(self.poll().mapped("state"), ["imported"])
        self.assertEqual(self.files(root), ["orders-bad.csv"])
        case = self.cases(self.account)
        self.assertEqual(case.code, "shop:file:orders-bad.csv")
        self.assertIn("web page", case.explanation)
        self.assertEqual(self.account.feed_broken_count, 1)
        self.poll()
        self.assertEqual(self.cases(self.account), case)
        self.put(root, "orders-bad.csv", self.table("7002"))
        self.assertEqual(len(self.poll()), 2)
        self.assertFalse(self.cases(self.account))
        self.assertEqual(self.files(root), [])

    def test_a_corrected_mapping_reads_the_file_again(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001").replace(b"sku;", b"article;"))
        self.fetch_from(self.folder_place(root))
        self.assertFalse(self.poll())
        self.assertIn("sku", self.cases(self.account).explanation)
        self.account.feed_mapping = self.account.feed_mapping.replace('"sku"', '"article"')
        self.assertEqual(self.poll().mapped("state"), ["imported"])

    def test_a_file_that_cannot_be_moved_is_said_and_not_read_twice(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001"))
        (root / "done").write_bytes(b"in the way")
        self.fetch_from(self.folder_place(root))
        self.assertEqual(len(self.poll()), 1)
        self.assertIn("is stored, but", self.cases(self.account).explanation)
        (root / "done").unlink()
        self.poll()
        self.assertFalse(self.cases(self.account))
        self.assertEqual(self.files(root, "done"), ["orders.csv"])

    def test_leaving_and_deleting(self):
        root = self.new_folder()
        place = self.folder_place(root)
        self.put(root, "orders.csv", self.table("7001"))
        self.fetch_from(place, feed_after="leave")
        self.poll()
        stored = self.poll().received
        self.assertEqual(self.files(root), ["orders.csv"])
        self.assertEqual(self.poll().received, stored)
        self.account.feed_after = "delete"
        self.poll()
        self.assertEqual(self.files(root), [])

    def test_two_files_belong_together(self):
        mapping = from_json(self.account.feed_mapping)
        heads = "order_number;order_date;order_total\r\n1;2026-11-20;5,00\r\n"
        lines = "order;sku;quantity;line_total\r\n1;LAMP;1;5,00\r\n"
        keep = {name: mapping.fields[name] for name in ("number", "ordered_at", "total")}
        keep |= {f"line.{name}": mapping.fields[f"line.{name}"] for name in ("sku", "quantity")}
        keep["line.total"] = mapping.fields["line.total"]
        joined = replace(
            mapping,
            layout="joined",
            fields=keep,
            line_key=replace(mapping.fields["number"], paths=("order",)),
        )
        self.account.feed_mapping = to_json(joined)
        root = self.new_folder()
        self.fetch_from(
            self.folder_place(root), feed_heads="orders-*.csv", feed_lines="lines-*.csv"
        )
        self.put(root, "orders-1.csv", heads.encode())
        self.assertEqual(self.account._channel_fetch_orders({}).orders, (), "its pair may come")
        self.put(root, "orders-1.csv", heads.encode(), age=3600)
        self.assertFalse(self.poll())
        self.assertIn("lines-1.csv", self.cases(self.account).explanation)
        self.put(root, "lines-1.csv", lines.encode())
        self.assertEqual(self.poll().number, "1")
        self.assertFalse(self.cases(self.account))
        self.assertEqual(self.files(root, "done"), ["lines-1.csv", "orders-1.csv"])

    def test_an_order_that_does_not_add_up(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001", total="60,00"))
        self.fetch_from(self.folder_place(root))
        order = self.poll()
        self.assertEqual(order.state, "quarantined")
        self.assertIn("52.90", order.last_error)
        self.account.feed_mapping = self.account.feed_mapping.replace(
            '"check_total": "quarantine"', '"check_total": "hold"'
        )
        order.action_retry()
        order._interpret()
        self.assertEqual(order.state, "imported")
        self.assertTrue(self.cases(order.sale_order_id, "file:total"))

    def test_a_server_that_is_away_loses_nothing(self):
        root = self.new_folder()
        place = self.ftp_place(root)
        self.put(root, "orders.csv", self.table("7001"))
        self.fetch_from(place)
        port, place.port = place.port, 1
        self.poll()
        self.assertIn("could not be reached", self.account.last_error)
        place.port = port
        self.assertEqual(self.poll().mapped("state"), ["imported"])
        self.assertFalse(self.account.last_error)

    def test_the_check_says_what_is_there(self):
        root = self.new_folder()
        self.put(root, "orders.csv", self.table("7001"))
        self.fetch_from(self.folder_place(root))
        self.account.action_check()
        self.assertIn("Files that fit “orders*.csv”: 1.", self.account.check_result)
        self.account.feed_place_id = False
        self.account.action_check()
        self.assertIn("does not say where", self.account.check_result)
        self.account.feed_source = "upload"
        self.account.action_check()
        self.assertIn("uploaded by hand", self.account.check_result)
        self.assertFalse(self.poll())

    def test_a_mapping_that_is_none_is_refused(self):
        for text in ("no", '{"colour": 1}'):
            with self.assertRaisesRegex(ValidationError, "mapping"):
                self.account.feed_mapping = text

    def test_the_login_of_the_place_stays_secret(self):
        place = self.sftp_place(self.new_folder())
        self.fetch_from(place)
        self.assertIn(place.password, self.account._channel_secrets())


@tagged("post_install", "-at_install")
class TestFeedTrial(FeedCase):
    def trial(self, content=b"", **vals):
        return (
            self.env["shop.feed.trial"]
            .with_context(default_account_id=self.account.id)
            .create({"heads": base64.b64encode(content), "heads_name": "orders.csv", **vals})
        )

    def test_a_mapping_goes_onto_the_page_and_back(self):
        for name, profile in self.account._feed_profiles().items():
            self.account.feed_mapping = to_json(profile.mapping)
            self.assertEqual(self.trial()._get_mapping(), profile.mapping, name)

    def test_a_file_is_tried_and_imported(self):
        trial = self.trial(self.table("7001", "7002"))
        self.assertEqual(trial.order_count, 2)
        for text in (
            "7001",
            "Anna Müller",
            "52.90",
            "2026-11-20 10:00",
            "can be read",
            "order_number",
        ):
            self.assertIn(text, trial.result)
        self.assertFalse(self.account.shop_order_ids, "nothing is imported by trying")
        trial.action_import()
        self.account.shop_order_ids._interpret()
        self.assertEqual(self.account.shop_order_ids.mapped("state"), ["imported"] * 2)

    def test_the_form_asks_for_sizes_and_still_gets_the_answer(self):
        trial = self.trial(self.table("7001"))
        trial.invalidate_recordset()
        (seen,) = trial.with_context(bin_size=True).web_read({"result": {}, "order_count": {}})
        self.assertEqual(seen["order_count"], 1)
        self.assertIn("Anna Müller", seen["result"])

    def test_what_is_missing_is_said_and_mended_on_the_page(self):
        trial = self.trial(self.table("7001").replace(b"sku;", b"article;"))
        self.assertIn("lacks these columns of the mapping: sku", trial.result)
        with self.assertRaisesRegex(UserError, "sku"):
            trial.action_import()
        trial.field_ids.filtered(lambda row: row.name == "line.sku").paths = "article | sku2"
        self.assertIn("sku2", trial.result)
        trial.field_ids.filtered(lambda row: row.name == "line.sku").paths = "article"
        self.assertIn("LAMP", trial.result)
        trial.action_import()
        self.assertIn('"article"', self.account.feed_mapping)

    def test_a_sum_that_is_wrong_is_shown_with_both_figures(self):
        trial = self.trial(self.table("7001", total="60,00"))
        self.assertIn("60.00", trial.result)
        self.assertIn("52.90", trial.result)
        trial.check_total = "hold"
        self.assertIn("fa-exclamation-triangle", trial.result)

    def test_hostile_contents_are_shown_as_text(self):
        evil = self.table("7001").replace(b"Lampe", b"<script>alert(1)</script>")
        self.assertNotIn("<script>", self.trial(evil).result)

    def test_nonsense_never_breaks_the_page(self):
        trial = self.trial(b"\x00\xff<a")
        self.assertIn("alert-danger", trial.result)
        trial.delimiter = ";;"
        self.assertIn("alert-danger", trial.result)

    def test_somebody_who_may_not_change_the_account_imports_with_its_mapping(self):
        user = new_test_user(self.env, "feed-user", "automation_core.group_automation_user")
        trial = (
            self.env["shop.feed.trial"]
            .with_user(user)
            .with_context(default_account_id=self.account.id)
            .create({"heads": base64.b64encode(self.table("7001"))})
        )
        self.assertFalse(trial.can_change)
        trial.number_prefix = "X-"
        trial.action_import()
        self.assertEqual(self.account.shop_order_ids.number, "7001")

    def test_the_newest_file_of_the_place_is_taken_as_an_example(self):
        root = self.new_folder()
        self.fetch_from(self.folder_place(root))
        trial = self.trial()
        trial.heads = False
        with self.assertRaisesRegex(UserError, "no file yet"):
            trial.action_fetch_sample()
        self.put(root, "orders-1.csv", self.table("7001"), age=100)
        self.put(root, "orders-2.csv", self.table("7002"))
        trial.action_fetch_sample()
        self.assertEqual(trial.heads_name, "orders-2.csv")
        self.assertIn("7002", trial.result)
        self.assertEqual(len(self.files(root)), 2)


@tagged("post_install", "-at_install")
class TestFeedBack(FeedCase):
    def rows(self, content: bytes) -> list[dict]:
        return list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))

    def test_what_it_can_do_follows_the_settings(self):
        words = self.account._channel_capabilities
        self.assertEqual(words() & {ORDERS, SHIPMENTS, STOCK}, {ORDERS})
        self.account.feed_back = "download"
        self.assertEqual(words() & {ORDERS, SHIPMENTS, STOCK}, {ORDERS, SHIPMENTS, STOCK})
        self.account.feed_stock_name = False
        self.assertNotIn(STOCK, words())

    def test_shipments_go_over_every_transport(self):
        for make in (self.sftp_place, self.ftps_place, self.ftp_place, self.folder_place):
            with self.subTest(make.__name__):
                root = self.new_folder()
                (root / "in").mkdir()
                self.account.write(
                    {
                        "feed_back": "place",
                        "feed_back_place_id": make(root).id,
                        "feed_back_folder": "in",
                    }
                )
                receipt = self.account._channel_report_shipment(SHIPMENT)
                self.assertIn("shipment-7001.csv", receipt.text)
                self.account._channel_report_shipment(replace(SHIPMENT, again=True))
                self.assertEqual(self.files(root, "in"), ["shipment-7001.csv"])
                (row,) = self.rows((root / "in" / "shipment-7001.csv").read_bytes())
                self.assertEqual(row["Bestellnummer"], "7001")
                self.assertEqual(row["Sendungsnummer"], "00340434161094042557")
                self.assertEqual(row["Versanddatum"], "23.11.2026")

    def test_a_row_for_each_item_where_the_shop_wants_it(self):
        root = self.new_folder()
        self.account.write(
            {
                "feed_back": "place",
                "feed_back_place_id": self.folder_place(root).id,
                "feed_shipment_columns": "number=No, line=Line, quantity=Qty, tracking=T",
            }
        )
        parcels = (
            replace(SHIPMENT.parcels[0], items=(("1", Decimal(2)), ("2", Decimal("0.5")))),
            replace(SHIPMENT.parcels[0], reference=2, tracking="2", items=(("2", Decimal(1)),)),
        )
        self.account._channel_report_shipment(replace(SHIPMENT, parcels=parcels))
        rows = self.rows((root / "shipment-7001.csv").read_bytes())
        self.assertEqual(
            [(row["Line"], row["Qty"], row["T"][-1]) for row in rows],
            [("1", "2", "7"), ("2", "0,5", "7"), ("2", "1", "2")],
        )

    def test_files_to_download_grow_and_repeat_nothing(self):
        self.account.write({"feed_back": "download", "feed_shipment_name": "shipments.csv"})
        self.account._channel_report_shipment(SHIPMENT)
        self.account._channel_report_shipment(SHIPMENT)
        self.account._channel_report_shipment(replace(SHIPMENT, external_id="7002"))
        self.assertEqual(self.account.feed_file_count, 1)
        file = self.env["ir.attachment"].search(self.account._feed_file_domain())
        self.assertEqual([row["Bestellnummer"] for row in self.rows(file.raw)], ["7001", "7002"])

    def test_stock_is_one_file_and_never_below_zero(self):
        root = self.new_folder()
        self.account.write(
            {
                "feed_back": "place",
                "feed_back_place_id": self.folder_place(root).id,
                "feed_stock_name": "stock.csv",
            }
        )
        changes = [
            outbox.StockChange(1, "LAMP", 5),
            outbox.StockChange(2, "TEA", 7, "soon"),
            outbox.StockChange(3, "OLD", 3, "delisted"),
        ]
        (reply,) = self.account._channel_report_stock(changes)
        self.assertEqual(
            [(one.listing_id, one.ok) for one in reply.outcomes], [(1, True), (2, True), (3, True)]
        )
        rows = self.rows((root / "stock.csv").read_bytes())
        self.assertEqual(
            [(row["Artikelnummer"], row["Bestand"]) for row in rows],
            [("LAMP", "5"), ("TEA", "0"), ("OLD", "0")],
        )

    def test_trouble_has_a_name(self):
        self.account.feed_back = "place"
        with self.assertRaisesRegex(errors.Rejected, "does not say where"):
            self.account._channel_report_shipment(SHIPMENT)
        self.account.feed_shipment_name = "../{number}"
        with self.assertRaises(errors.Rejected):
            self.account._channel_report_shipment(SHIPMENT)
        with self.assertRaisesRegex(ValidationError, "colour"):
            self.account.feed_stock_columns = "colour=Farbe"

    def test_the_check_tries_the_way_back(self):
        place = self.folder_place(self.new_folder())
        self.account.write({"feed_back": "place", "feed_back_place_id": place.id})
        self.account.action_check()
        self.assertIn("files to the shop answers", self.account.check_result)
        place.live = False
        self.account.action_check()
        self.assertIn("switched off", self.account.check_result)
