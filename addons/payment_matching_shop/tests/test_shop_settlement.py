from datetime import UTC, datetime
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.shop_connector.lib.channel import SETTLEMENTS
from odoo.addons.shop_connector.lib.settlement import (
    Settlement,
    SettlementFile,
    SettlementPage,
    SettlementRow,
)
from odoo.addons.shop_connector.tests.common import ShopCase

DAY = datetime(2026, 11, 20, 8, tzinfo=UTC)
ROWS = (
    SettlementRow(2, "gross", Decimal("24.00"), order_id="028-1", kind="ItemPrice"),
    SettlementRow(3, "discount", Decimal("-4.00"), order_id="028-1", kind="Promotion"),
    SettlementRow(4, "fee", Decimal("-3.00"), order_id="028-1", kind="ItemFees"),
    SettlementRow(5, "fee", Decimal("-2.00"), kind="Subscription"),
)
FOUND = Settlement("4711", "EUR", Decimal("15.00"), DAY, DAY, DAY, ROWS)


@tagged("post_install", "-at_install")
class TestShopSettlement(ShopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop.words = frozenset({*cls.shop.words, SETTLEMENTS})
        accounts = cls.env["account.account"]
        journals = cls.env["account.journal"]
        cls.source = cls.env["payment.settlement.source"].create(
            {
                "name": "Market",
                "kind": "shop",
                "shop_account_id": cls.account.id,
                "live": True,
                "partner_id": cls.env["res.partner"].create({"name": "Market"}).id,
                "journal_id": journals.create(
                    {"name": "Settlements", "type": "general", "code": "TSET"}
                ).id,
                "clearing_account_id": accounts.create(
                    {
                        "name": "Clearing",
                        "code": "136599",
                        "account_type": "asset_current",
                        "reconcile": True,
                    }
                ).id,
                "fee_account_id": accounts.create(
                    {"name": "Fees", "code": "497099", "account_type": "expense"}
                ).id,
            }
        )

    def _page(self, *files):
        return SettlementPage(files, {"since": "2026-11-20"})

    def _file(self, **values):
        return SettlementFile("R1", "settlement.txt", b"raw", **{"settlement": FOUND, **values})

    def _fetch(self, page):
        hook = patch.object(
            self.registry["shop.account"], "_channel_fetch_settlements", lambda _self, _cursor: page
        )
        with hook:
            self.source._store_page(self.source._poll_fetch({}))

    def test_a_settlement_is_stored_once_with_its_order(self):
        order = self.env["sale.order"].create({"partner_id": self.source.partner_id.id})
        self.env["shop.order"].create(
            {
                "account_id": self.account.id,
                "company_id": self.company.id,
                "external_id": "028-1",
                "received": "2026-11-20",
                "sale_order_ids": [(4, order.id)],
            }
        )
        self._fetch(self._page(self._file()))
        self._fetch(self._page(self._file()))
        settlement = self.source.settlement_ids
        self.assertEqual((len(settlement), settlement.total), (1, 15.0))
        self.assertEqual((settlement.gross, settlement.fee), (20.0, -5.0))
        self.assertEqual(settlement.row_ids.order_id, order)
        self.assertEqual(self.source.cursor, {"since": "2026-11-20"})

    def test_a_damaged_one_is_kept_with_the_reason(self):
        self._fetch(self._page(self._file(settlement=None, problem="It is cut off.")))
        settlement = self.source.settlement_ids
        self.assertEqual((settlement.state, settlement.problem), ("failed", "It is cut off."))
        self.assertTrue(settlement.content)

    def test_only_live_accounts_are_asked(self):
        due = self.source.search(self.source._due_domain())
        self.assertEqual(self.source in due, self.account.live)
        self.account.live = not self.account.live
        due = self.source.search(self.source._due_domain())
        self.assertEqual(self.source in due, self.account.live)

    def test_a_shop_without_settlements_is_refused(self):
        self.shop.words = self.shop.words - {SETTLEMENTS}
        with self.assertRaises(ValidationError):
            self.source._check_shop_account()
