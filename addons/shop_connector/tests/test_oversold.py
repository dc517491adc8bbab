"""Orders that were sold but are not there."""

from odoo import fields
from odoo.tests import Form, tagged

from .stock_common import StockCase


@tagged("post_install", "-at_install")
class TestOversold(StockCase):
    def order(self, number="1", quantity=1, **changes):
        total = f"{quantity * 10:.2f}"
        line = {"id": 1, "sku": "LAMP", "qty": quantity, "price": "10", "total": total, "tax": 19}
        return self.payload(number, lines=[line], total=total, **changes)

    def oversold(self, sale):
        return self.cases(sale, "shop:oversold")

    def test_covered(self):
        self.put(self.lamp, 2)
        sale = self.sale(self.order(quantity=2))
        self.assertFalse(self.oversold(sale))

    def test_two_buyers_one_piece(self):
        """Who came first gets the piece, the other's order waits for a decision."""
        self.put(self.lamp, 1)
        later = self.order("2", at="2026-11-20T10:05:00+01:00")
        second, first = self.receive(later, self.order("1")).sale_order_id
        self.assertFalse(self.oversold(first))
        case = self.oversold(second)
        self.assertEqual(len(case), 1)
        self.assertTrue(case.blocking)
        self.assertIn("1 ordered, 0 there", case.explanation)
        self.assertEqual(second.automation_state, "held")

    def test_not_checked(self):
        """Who keeps no stock figures is not asked."""
        self.account.check_cover = False
        self.assertFalse(self.oversold(self.sale(self.order())))

    def test_later_buyer(self):
        """A piece that is reserved already is not there for the next one."""
        self.put(self.lamp, 1)
        self.sale(self.order("1")).action_confirm()
        self.assertTrue(self.oversold(self.sale(self.order("2"))))

    def test_statements_do_not_grow(self):
        """A batch is looked at with the same number of statements whatever its size."""

        def statements(numbers):
            sales = self.receive(*(self.order(n) for n in numbers)).sale_order_id
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["shop.stock"]._find_short(sales)
            return self.env.cr.sql_log_count - before

        self.put(self.lamp, 100)
        few = statements(["1", "2"])
        self.assertEqual(statements([str(n) for n in range(3, 15)]), few)

    def test_not_ours(self):
        """What has left already, the marketplace sends, or is made to order cannot be oversold."""
        self.assertFalse(self.oversold(self.sale(self.order("1", treatment="history"))))
        self.assertFalse(self.oversold(self.sale(self.order("2", by_channel=True))))
        route = self.env["stock.route"].create(
            {
                "name": "To order",
                "rule_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "To order",
                            "action": "pull",
                            "procure_method": "make_to_order",
                            "picking_type_id": self.house.out_type_id.id,
                            "location_src_id": self.house.lot_stock_id.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                        },
                    )
                ],
            }
        )
        self.lamp.route_ids = route
        self.assertFalse(self.oversold(self.sale(self.order("3"))))

    def test_settles_when_goods_come(self):
        sale = self.sale(self.order())
        self.assertTrue(self.oversold(sale))
        self.put(self.lamp, 1)
        self.push()
        self.assertFalse(self.oversold(sale))
        self.assertNotEqual(sale.automation_state, "held")

    def decide(self, sale, choice, lang="en_US", **vals):
        sale.partner_id.lang = lang
        action = self.oversold(sale).action_decide_oversold()
        form = Form(self.env["shop.oversold"].with_context(**action["context"]))
        form.choice = choice
        for name, value in vals.items():
            form[name] = value
        return form

    def test_cancel(self):
        """Cancelled with the right reason; the buyer gets the prepared mail."""
        self.account.stock_minutes = 0
        sale = self.sale(self.order())
        form = self.decide(sale, "cancel")
        self.assertIn("cancel the order", form.body)
        form.save().action_apply()
        self.assertEqual((sale.state, sale.shop_cancel_reason), ("cancel", "no_stock"))
        self.assertFalse(self.oversold(sale))
        mail = sale.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertEqual(mail.partner_ids, sale.partner_id)
        self.assertIn("cannot be delivered", mail.subject)

    def test_in_the_buyers_language(self):
        """The mail is in the buyer's language, whoever decides."""
        self.env["res.lang"]._activate_lang("de_DE")
        form = self.decide(self.sale(self.order()), "cancel", lang="de_DE")
        self.assertIn("stornieren", form.body)
        self.assertIn("Bestellung", form.subject)

    def test_postpone(self):
        """Postponed orders go on and wait for the goods; the text can be edited."""
        sale = self.sale(self.order())
        form = self.decide(sale, "postpone", date=fields.Date.to_date("2026-12-24"))
        self.assertIn("2026", form.body)
        form.body = "<p>Your own words</p>"
        form.save().action_apply()
        self.assertEqual(sale.commitment_date.date(), fields.Date.to_date("2026-12-24"))
        self.assertFalse(self.oversold(sale))
        self.assertNotEqual(sale.automation_state, "held")
        mail = sale.message_ids.filtered(lambda message: message.message_type == "comment")
        self.assertIn("Your own words", mail.body)

    def test_other_warehouse(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.put(self.lamp, 4, second)
        sale = self.sale(self.order())
        form = self.decide(sale, "warehouse", warehouse_id=second)
        self.assertIn("Second", form.warehouses)
        self.assertFalse(form.send_mail)
        form.save().action_apply()
        self.assertEqual(sale.warehouse_id, second)
        self.assertFalse(self.oversold(sale))

    def test_all_warehouses_count(self):
        """A piece in any of the account's warehouses covers the order."""
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.put(self.lamp, 4, second)
        self.account.stock_warehouse_ids = self.house | second
        self.assertFalse(self.oversold(self.sale(self.order())))

    def test_relay_address(self):
        """Where the marketplace allows no mail, none is offered."""
        self.env["automation.mail.relay"].create(
            {
                "name": "Marketplace",
                "pattern": "marketplace.example",
                "automatic": "nothing",
                "personal": "nothing",
            }
        )
        customer = {"email": "x@marketplace.example", "language": "de"}
        sale = self.sale(self.order(customer=customer))
        sale.partner_id.email = "x@marketplace.example"
        form = self.decide(sale, "cancel")
        self.assertIn("Marketplace", form.mail_refusal)
        self.assertFalse(form.send_mail)
        form.save().action_apply()
        self.assertEqual(sale.state, "cancel")
        self.assertFalse(
            sale.message_ids.filtered(lambda message: message.message_type == "comment")
        )
