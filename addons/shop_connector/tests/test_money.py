import random
from decimal import Decimal

import lxml.html

from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestMoney(ShopCase):
    def test_gross_order(self):
        """A private order costs here what it costs in the shop; prices stay when a quantity
        changes.
        """
        sale = self.sale()
        self.assertEqual(sale.amount_total, 52.90)
        self.assertEqual(sale.shop_total, 52.90)
        self.assertEqual(sale.client_order_ref, "1001")
        self.assertEqual(sale.order_line.mapped("price_total"), [39.98, 12.92])
        self.assertTrue(all(sale.order_line.tax_ids.mapped("price_include")))
        self.assertEqual(sale.prepaid_amount, 52.90)
        self.assertEqual(sale.automation_payment_method_id, self.paypal)
        sale.order_line[0].product_uom_qty = 3
        self.assertAlmostEqual(sale.order_line[0].price_unit, 19.99)

    def test_invoice_shows_what_the_shop_showed(self):
        """Amounts of lines are gross beside gross prices and net beside net ones."""
        self.env["product.product"].search([]).invoice_policy = "order"
        for number, gross, amount in (("1", True, "23.80"), ("2", False, "20.00")):
            lines = [{"sku": "LAMP", "qty": 1, "price": amount, "total": amount, "tax": 19}]
            sale = self.sale(self.payload(number, gross=gross, total="23.80", lines=lines))
            sale.action_confirm()
            invoice = sale._create_invoices()
            html = self.env["ir.actions.report"]._render_qweb_html(
                "account.report_invoice_with_payments", invoice.ids
            )[0]
            cell = lxml.html.fromstring(html).xpath("//td[@name='td_subtotal']")[0]
            self.assertIn(amount, cell.text_content().replace(",", "."))

    def test_net_order(self):
        """A company that buys net pays the tax on top."""
        sale = self.sale(
            self.payload(
                gross=False,
                total="59.38",
                lines=[
                    {"sku": "LAMP", "qty": 2, "price": "19.95", "total": "39.90", "tax": 19},
                    {"kind": "shipping", "name": "DHL", "total": "10.00", "tax": 19},
                ],
            )
        )
        self.assertEqual(sale.amount_untaxed, 49.90)
        self.assertEqual(sale.amount_total, 59.38)
        self.assertTrue(sale.order_line[1].is_delivery)
        self.assertEqual(sale.order_line[1].product_id, self.account.shipping_product_id)

    def test_extras(self):
        """Shipping, fee, discount and voucher are lines; missing rates follow from the shop's tax
        total.
        """
        sale = self.sale(
            self.payload(
                total="46.80",
                tax_total="7.47",
                lines=[
                    {"sku": "LAMP", "qty": 2, "price": "20.00", "total": "40.00", "tax": 19},
                    {"kind": "shipping", "name": "DHL", "total": "4.90"},
                    {"kind": "fee", "name": "COD", "total": "5.90"},
                    {"kind": "discount", "name": "Autumn", "total": "-2.00"},
                    {"kind": "voucher", "name": "ABC", "total": "-2.00", "tax": 0},
                ],
            )
        )
        self.assertEqual(sale.amount_total, 46.80)
        self.assertEqual(len(sale.order_line), 5)
        self.assertEqual(sale.order_line[1].tax_ids.amount, 19)
        self.assertEqual(sale.order_line[4].product_id, self.account.voucher_product_id)

    def test_discount_over_two_rates(self):
        sale = self.sale(
            self.payload(
                total="90.00",
                lines=[
                    {"sku": "LAMP", "total": "75.00", "tax": 19},
                    {"sku": "TEA", "total": "25.00", "tax": 7},
                    {"kind": "discount", "name": "10 %", "total": "-10.00"},
                ],
            )
        )
        self.assertEqual(sale.amount_total, 90.0)
        self.assertEqual(
            sorted((line.price_total, line.tax_ids.amount) for line in sale.order_line[2:]),
            [(-7.5, 19), (-2.5, 7)],
        )

    def test_price_that_does_not_multiply_out(self):
        sale = self.sale(
            self.payload(
                total="10.00",
                lines=[{"sku": "TEA", "qty": 3, "price": "3.33", "total": "10.00", "tax": 7}],
            )
        )
        self.assertEqual(sale.amount_total, 10.0)

    def test_other_total(self):
        """A total that does not add up is written as it is, for the hold rule to see; a tolerance
        mends a cent.
        """
        sale = self.sale(self.payload(total="52.91"))
        self.assertEqual((sale.amount_total, sale.shop_total), (52.90, 52.91))
        self.assertEqual(len(sale.order_line), 2)
        sale._automation_step_check()
        self.assertEqual(sale.automation_state, "held")
        cases = self.cases(sale).mapped(lambda case: f"{case.name} {case.explanation}")
        self.assertRegex(" ".join(cases), "52[.,]90")
        self.assertRegex(" ".join(cases), "52[.,]91")
        self.account.total_tolerance = 0.02
        sale = self.sale(self.payload("1002", total="52.91"))
        self.assertEqual(sale.amount_total, 52.91)
        sale = self.sale(self.payload("1003", total="52.95"))
        self.assertEqual(sale.amount_total, 52.90)

    def test_unknown_tax(self):
        """An unknown rate stops the order with a sentence; added and retried, it is imported."""
        lines = [{"sku": "LAMP", "total": "11.70", "tax": 17}]
        record = self.receive(self.payload(total="11.70", lines=lines))
        self.assertEqual(record.state, "quarantined")
        self.assertIn("17 %", record.last_error)
        self._tax(17.0)
        self.account.action_set_up_taxes()
        record.action_retry()
        record._interpret()
        self.assertEqual(record.sale_order_id.amount_total, 11.70)
        self.assertFalse(self.cases(record))

    def test_unknown_payment(self):
        """A payment nobody knows holds the order until somebody says what it is."""
        sale = self.sale(self.payload(payment="klarna", payment_state="unknown"))
        self.assertIn("klarna", self.cases(sale, "shop:payment").explanation)
        sale.automation_payment_method_id = self.prepay
        self.assertFalse(self.cases(sale, "shop:payment"))

    def test_marketplace_money_missing(self):
        sale = self.sale(self.payload(payment_state="open"))
        self.assertFalse(sale.prepaid_amount)
        self.assertTrue(self.cases(sale, "shop:payment"))
        sale._register_prepaid(52.90, "bank")
        self.assertFalse(self.cases(sale, "shop:payment"))

    def test_prepayment(self):
        sale = self.sale(self.payload(payment="moneyorder", payment_state="open"))
        self.assertEqual(sale.automation_payment_method_id, self.prepay)
        self.assertFalse(self.cases(sale, "shop:payment"))

    def test_foreign_currency(self):
        """A currency without a price list is no order yet; with one, the order is in it."""
        usd = self.env.ref("base.USD")
        self.env["product.pricelist"].search([("currency_id", "=", usd.id)]).active = False
        record = self.receive(self.payload(currency="USD"))
        self.assertIn("USD", record.last_error)
        usd.active = True
        self.env["product.pricelist"].create({"name": "US", "currency_id": usd.id})
        record.action_retry()
        record._interpret()
        self.assertEqual(record.sale_order_id.currency_id, usd)
        self.assertEqual(record.sale_order_id.amount_total, 52.90)

    def test_stated_rate_wins(self):
        """No tax charged to a company abroad: the fiscal position's own zero tax is used."""
        zero = self._tax(0.0, name="Reverse charge")
        austria = self.env.ref("base.at")
        position = self.env["account.fiscal.position"].create(
            {
                "name": "AT",
                "auto_apply": True,
                "country_id": austria.id,
                "sequence": -1,
                "tax_ids": [(4, zero.id)],
            }
        )
        home = self.account.tax_ids.filtered(lambda row: row.percent == 19).net_tax_id
        zero.original_tax_ids = home
        billing = self.payload()["billing"] | {"country_code": "AT", "company": "Alpen GmbH"}
        lines = [{"sku": "LAMP", "total": "20.00", "tax": 0}]
        sale = self.sale(self.payload(total="20.00", gross=False, billing=billing, lines=lines))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line.tax_ids, zero)
        lines[0] |= {"tax": 19, "total": "23.80"}
        sale = self.sale(self.payload("1002", total="23.80", billing=billing, lines=lines))
        self.assertEqual(sale.amount_total, 23.80)

    def test_many_gross_orders(self):
        """Gross orders meet the shop's total to the cent, however the company rounds."""
        dice = random.Random(7)
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            datas = [self._random_order(f"{method}{index}", dice) for index in range(60)]
            records = self.receive(*datas)
            for record, data in zip(records, datas, strict=True):
                sale = record.sale_order_id
                self.assertEqual(
                    sale.currency_id.compare_amounts(sale.amount_total, float(data["total"])),
                    0,
                    data,
                )

    def test_many_net_orders(self):
        """Net orders meet the shop's total although the company rounds per line; so do invoices."""
        dice = random.Random(8)
        self.company.tax_calculation_rounding_method = "round_per_line"
        datas = []
        for index in range(60):
            data = self._random_order(f"n{index}", dice, discount=False) | {"gross": False}
            taxes = {19: Decimal(0), 7: Decimal(0)}
            for line in data["lines"]:
                taxes[line["tax"]] += Decimal(line["total"]) * line["tax"] / 100
            data["total"] = str(
                Decimal(data["total"])
                + sum(round(tax + Decimal("1e-9"), 2) for tax in taxes.values())
            )
            datas.append(data)
        records = self.receive(*datas)
        for record, data in zip(records, datas, strict=True):
            sale = record.sale_order_id
            self.assertAlmostEqual(sale.amount_total, float(data["total"]), 2, data)
        sales = records.sale_order_ids[:10]
        self.env["product.product"].search([]).invoice_policy = "order"
        sales.action_confirm()
        for sale in sales:
            self.assertAlmostEqual(sale._create_invoices().amount_total, sale.amount_total, 2)

    def _random_order(self, number, dice, discount=True):
        lines = []
        for _index in range(dice.randint(1, 9)):
            quantity = dice.randint(1, 7)
            total = Decimal(dice.randint(1, 99999)) / 100
            line = {"sku": dice.choice(("LAMP", "TEA")), "qty": quantity, "total": str(total)}
            line |= {"price": str(round(total / quantity, 2)), "tax": dice.choice((19, 7))}
            lines.append(line)
        total = sum(Decimal(line["total"]) for line in lines)
        if discount and dice.random() < 0.5:
            cut = (total / 10).quantize(Decimal("0.01"))
            lines.append({"kind": "discount", "name": "10 %", "total": str(-cut)})
            total -= cut
        return self.payload(number, total=str(total), lines=lines)
