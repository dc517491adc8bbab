from datetime import timedelta
from itertools import count

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..hooks import pre_init_hook
from ..lib.catalogue import ARTICLES, OLD_BULBS, offers
from ..lib.parcels import dhl, gls


@tagged("post_install", "-at_install")
class TestCompany(TransactionCase):
    """The made-up company and its staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["automation.demo"]
        cls.numbers = count(1)
        cls.product = cls.env.ref("automation_demo.product_gg_1002")

    def _order(self, **values):
        number = next(self.numbers)
        buyer = self.env["res.partner"].create(
            {
                "name": f"Käthe Groß {number}",
                "street": f"Lindenweg {number}",
                "zip": "28195",
                "city": "Bremen",
                "country_id": self.env.ref("base.de").id,
            }
        )
        line = Command.create({"product_id": self.product.id})
        vals = {"partner_id": buyer.id, "order_line": [line], **values}
        order = self.env["sale.order"].create(vals)
        order._automation_start()
        order.action_automation_run()
        return order

    def test_every_article_is_complete(self):
        products = self.env["product.product"].search([("barcode", "=like", "4012345%")])
        self.assertEqual(len(products), len(ARTICLES))
        for product in products:
            self.assertEqual(product.invoice_policy, "delivery")
            self.assertTrue(product.weight and product.parcel_length and product.qty_available)
            self.assertIn(product.taxes_id.amount, (7, 19))

    def test_people_can_do_their_work_and_no_more(self):
        jana = self.env.ref("automation_demo.user_jana")
        timo = self.env.ref("automation_demo.user_timo")
        self.assertTrue(jana.has_group("automation_core.group_automation_manager"))
        self.assertFalse(timo.has_group("automation_core.group_automation_manager"))
        self.assertFalse((jana | timo).filtered(lambda user: user.has_group("base.group_system")))

    def test_nothing_works_by_itself_before_the_demo_says_so(self):
        self.assertFalse(self.env.ref("automation_demo.ir_cron_staff").active)
        self.assertFalse(self.env.ref("automation_demo.account_gambio").live)

    def test_it_stays_out_of_databases_in_use(self):
        self._order()
        self.env.flush_all()
        with self.assertRaises(UserError):
            pre_init_hook(self.env)

    def test_the_warehouse_ships_and_leaves_some_to_the_visitor(self):
        orders = self.env["sale.order"].union(*(self._order() for _ in range(8)))
        self.assertEqual(set(orders.mapped("automation_state")), {"released"})
        for _ in range(4):
            self.demo._warehouse_work(limit=1, age=timedelta(0))
        done = orders.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(len(done), 2)
        self.assertTrue(all(done.mapped("carrier_tracking_ref")))
        self.assertEqual(set(orders.mapped("automation_state")), {"released", "shipped"})

    def _paid(self, amount, name, text, **values):
        """A payment on the bank's journal, looked at by the matcher."""
        journal = self.env.ref("automation_demo.journal_bank")
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "amount": amount,
                "partner_name": name,
                "payment_ref": text,
                "date": fields.Date.today() - timedelta(days=3),
                "match_state": "waiting",
                **values,
            }
        )
        line._match_propose()
        return line

    def test_jana_confirms_payments_and_goods_leave(self):
        method = self.env.ref("order_automation.payment_method_prepayment")
        old = fields.Datetime.now() - timedelta(days=9)
        order = self._order(automation_payment_method_id=method.id, date_order=old)
        self.assertEqual(order.automation_state, "waiting_payment")
        buyer = order.partner_id.name
        line = self._paid(order.amount_total, buyer, f"Bestellung {order.name}")
        self.assertEqual(line.match_state, "likely")
        self.demo._payment_work(last=True)
        self.assertEqual(line.match_state, "matched")
        self.assertTrue(order._is_paid())
        self.assertEqual(line.allocation_ids.create_uid, self.env.ref("automation_demo.user_jana"))

    def test_jana_books_what_has_no_document(self):
        rent = self._paid(-1850, "Speicher Immobilien GbR", "Miete Lager")
        tax = self._paid(-1204.17, "Finanzamt Bremen", "USt-VA")
        unknown = self._paid(77.77, "Wer Weiß", "Danke")
        self.demo._payment_work()
        self.assertEqual((rent.match_state, tax.match_state), ("matched", "foreign"))
        self.assertIn(
            "4210", rent.move_id.line_ids.account_id.with_company(rent.company_id).mapped("code")
        )
        self.assertEqual(unknown.match_state, "nothing")

    def test_bank_and_paypal_are_ready_but_not_live(self):
        sources = self.demo._sources()
        self.assertEqual(sources.mapped("kind"), ["place", "paypal"])
        self.assertFalse(any(sources.mapped("live")))
        bank = sources[0].journal_id
        self.assertEqual(bank.bank_acc_number.replace(" ", ""), "DE89370400440532013000")
        self.assertTrue(all(sources.journal_id.mapped("match_payments")))

    def test_the_desk_closes_old_cases_only(self):
        order = self._order(buyer_note="Bitte klingeln")
        self.demo._desk_work()
        self.assertEqual(order.automation_state, "held")
        case = order.automation_case_ids
        past = fields.Datetime.now() - timedelta(days=2)
        self.env.cr.execute(
            "UPDATE automation_case SET create_date = %s WHERE id = %s", [past, case.id]
        )
        self.env.invalidate_all()
        self.demo._desk_work()
        self.assertEqual(case.state, "overridden")
        self.assertEqual(case.resolved_by_id, self.env.ref("automation_demo.user_jana"))
        self.assertTrue(case.resolution)

    def test_staff_speak_the_companys_language(self):
        self.env.company.partner_id.lang = "de_DE"
        staff = self.env["automation.demo"].with_context(lang="en_US")._in_staff_language()
        self.assertEqual(staff.env.lang, "de_DE")

    def test_parcels_have_numbers_that_carriers_print(self):
        for number in (1, 77, 123456):
            code = dhl(number)
            self.assertRegex(code, r"^0034043400\d{10}$")
            digits = list(map(int, code[2:]))
            total = sum(digit * (1 if place % 2 else 3) for place, digit in enumerate(digits[:-1]))
            self.assertFalse((total + digits[-1]) % 10)
            self.assertRegex(gls(number), r"^\d{12}$")

    def test_every_account_is_ready_but_not_live(self):
        accounts = self.demo._accounts()
        self.assertEqual(len(accounts), 4)
        self.assertFalse(any(accounts.mapped("live")))
        market = self.env.ref("automation_demo.account_market")
        self.assertEqual(market.setup_step, "trial")
        for account in accounts | market:
            self.assertTrue(account._channel_capabilities())

    def test_offers_are_matched_by_our_own_numbers(self):
        listings = self.env["shop.listing"]
        account = self.env.ref("automation_demo.account_amazon")
        vals = [{"account_id": account.id, "sku": it.sku} for it in offers("amazon")]
        listings.create(vals)
        self.demo._match_offers()
        known = listings.search([("account_id", "=", account.id)])
        self.assertEqual(known.filtered(lambda it: not it.product_id).sku, OLD_BULBS)
        pack = known.filtered(lambda it: it.sku == "LH-TE-4001-3")
        self.assertEqual((pack.product_id.default_code, pack.pack_factor), ("TE-4001", 3.0))
        yatego = self.env.ref("automation_demo.account_yatego")
        entered = listings.search([("account_id", "=", yatego.id)])
        self.assertEqual(set(entered.mapped("sku")), {it.sku for it in offers("yatego")})

    def test_little_is_left_of_the_scarce_and_enough_of_the_rest(self):
        shelf = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.product, shelf, -100)
        self.demo._restock(scarce=True)
        self.assertGreater(self.product.free_qty, 100)
        self.assertEqual(self.env.ref("automation_demo.product_wo_6003").free_qty, 2)
