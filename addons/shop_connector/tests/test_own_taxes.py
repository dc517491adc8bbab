import random
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestOwnTaxes(ShopCase):
    """The shop states no tax rates: those of the articles count, through the fiscal position."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._stock_up()
        rows = cls.account.tax_ids.grouped("percent")
        cls.full, cls.reduced = rows[19.0].net_tax_id, rows[7.0].net_tax_id
        cls.lamp.taxes_id = cls.full
        cls.tea.taxes_id = cls.reduced
        cls.company.vat = "DE136695976"
        cls.env["account.fiscal.position"].search([]).auto_apply = False

    def position(self, name, taxes, **vals):
        """A fiscal position that turns our two taxes into others; ``taxes`` are new rates."""
        made = self.env["account.tax"]
        for home, rate in zip((self.full, self.reduced), taxes, strict=True):
            tax = self._tax(rate, name=f"{name} {rate:g} for {home.amount:g}")
            tax.original_tax_ids = home
            made |= tax
        position = self.env["account.fiscal.position"].create(
            {
                "name": name,
                "auto_apply": True,
                "company_id": self.company.id,
                "tax_ids": [Command.set(made.ids)],
                **vals,
            }
        )
        self.account.action_set_up_taxes()
        return position

    def unrated(self, number="1001", **changes):
        lines = [
            {"id": 1, "sku": "LAMP", "qty": 2, "price": "19.99", "total": "39.98"},
            {"id": 2, "sku": "TEA", "qty": 3, "price": "4.31", "total": "12.92"},
            {"id": 3, "kind": "shipping", "name": "DHL", "total": "4.90"},
        ]
        return self.payload(number, **{"lines": lines, "total": "57.80"} | changes)

    def buyer(self, country, **changes):
        return self.payload()["billing"] | {"country_code": country, "zip": "1010"} | changes

    def test_home(self):
        """The articles' own taxes, shipping as most of the goods; gross to the cent."""
        sale = self.sale(self.unrated())
        self.assertEqual(sale.order_line.mapped("tax_ids.amount"), [19.0, 7.0])
        self.assertEqual(sale.order_line[2].tax_ids.amount, 19.0)
        self.assertTrue(all(sale.order_line.tax_ids.mapped("price_include")))
        self.assertEqual(sale.amount_total, 57.80)
        self.assertFalse(self.cases(sale))

    def test_articles_with_gross_taxes(self):
        """Whether an article carries the net or the gross form of a tax makes no difference."""
        rows = self.account.tax_ids.grouped("percent")
        self.lamp.taxes_id = rows[19.0].gross_tax_id
        position = self.position("OSS", (20.0, 10.0), country_id=self.env.ref("base.at").id)
        sale = self.sale(self.unrated(billing=self.buyer("AT")))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line[0].tax_ids.amount, 20.0)
        self.assertEqual(sale.amount_total, 57.80)

    def test_net_prices(self):
        lines = [{"id": 1, "sku": "LAMP", "qty": 1, "price": "10.00", "total": "10.00"}]
        sale = self.sale(self.payload(gross=False, total="11.90", lines=lines, tax_total="1.90"))
        self.assertEqual((sale.amount_untaxed, sale.amount_total), (10.00, 11.90))
        self.assertFalse(self.cases(sale))

    def test_oss(self):
        """A private buyer in the union pays their country's rate, within the same gross price."""
        position = self.position("OSS", (20.0, 10.0), country_id=self.env.ref("base.at").id)
        sale = self.sale(self.unrated(billing=self.buyer("AT")))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line.mapped("tax_ids.amount"), [20.0, 10.0])
        self.assertEqual(sale.amount_total, 57.80)

    def test_company_in_the_union(self):
        """A company with a valid VAT id buys without tax; with a wrong one it pays."""
        self.position("OSS", (20.0, 10.0), country_id=self.env.ref("base.at").id, sequence=5)
        position = self.position(
            "EU", (0.0, 0.0), country_id=self.env.ref("base.at").id, vat_required=True, sequence=1
        )
        billing = self.buyer("AT", company="Alpen GmbH")
        valid = {"email": "a@alpen.example", "vat": "ATU13585627"}
        sale = self.sale(self.unrated(billing=billing, customer=valid))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(set(sale.order_line.mapped("tax_ids.amount")), {0.0})
        self.assertEqual((sale.amount_total, sale.amount_tax), (57.80, 0.0))
        wrong = {"email": "b@tal.example", "vat": "ATU13585628"}
        billing |= {"company": "Tal GmbH"}
        sale = self.sale(self.unrated("1002", billing=billing, customer=wrong))
        self.assertEqual(sale.order_line[0].tax_ids.amount, 20.0)

    def test_known_company_tells_its_id(self):
        """A company that was known without a VAT id gets the one it orders with."""
        position = self.position(
            "EU", (0.0, 0.0), country_id=self.env.ref("base.at").id, vat_required=True
        )
        billing = self.buyer("AT", company="Alpen GmbH")
        first = self.sale(self.unrated(billing=billing, customer={"email": "a@alpen.example"}))
        self.assertFalse(first.partner_id.vat)
        valid = {"email": "a@alpen.example", "vat": "ATU13585627"}
        second = self.sale(self.unrated("1002", billing=billing, customer=valid))
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertEqual(second.fiscal_position_id, position)

    def test_third_country(self):
        position = self.position("Export", (0.0, 0.0))
        sale = self.sale(self.unrated(billing=self.buyer("CH")))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual((sale.amount_total, sale.amount_tax), (57.80, 0.0))

    def test_from_abroad(self):
        """Goods from a warehouse abroad: the account says the tax, or a person."""
        place = self.env["res.partner"].create(
            {"name": "Depot", "country_id": self.env.ref("base.pl").id}
        )
        depot = self.env["stock.warehouse"].create(
            {"name": "Depot", "code": "PL", "partner_id": place.id}
        )
        self.account.warehouse_id = depot
        sale = self.sale(self.unrated())
        self.assertIn("Poland", self.cases(sale, "shop:origin").name)
        position = self.position("From Poland", (23.0, 8.0), auto_apply=False)
        self.account.abroad_position_id = position
        sale = self.sale(self.unrated("1002"))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line.mapped("tax_ids.amount"), [23.0, 8.0])
        self.assertFalse(self.cases(sale, "shop:origin"))

    def test_shop_sees_another_tax(self):
        """A tax total that contradicts ours holds the order and names both; the right one not."""
        sale = self.sale(self.unrated(tax_total="3.00"))
        case = self.cases(sale, "shop:tax")
        self.assertTrue(case.blocking)
        self.assertRegex(case.name, r"8[.,]01.*3[.,]00")
        self.sale(self.unrated(tax_total="8.02", total="57.80", shop_internal="x"))
        sale = self.sale(self.unrated("1002", tax_total="8.02"))
        self.assertFalse(self.cases(sale, "shop:tax"))

    def test_unknown_article(self):
        lines = [{"id": 1, "sku": "NOPE", "name": "Mystery", "total": "11.90"}]
        sale = self.sale(self.payload(total="11.90", lines=lines))
        self.assertEqual(sale.order_line.tax_ids.amount, 19.0)
        self.assertEqual(sale.amount_total, 11.90)

    def test_discount_over_two_rates(self):
        lines = [
            {"id": 1, "sku": "LAMP", "total": "75.00"},
            {"id": 2, "sku": "TEA", "total": "25.00"},
            {"id": 3, "kind": "discount", "name": "10 %", "total": "-10.00"},
        ]
        sale = self.sale(self.payload(total="90.00", lines=lines))
        found = sorted((line.price_total, line.tax_ids.amount) for line in sale.order_line[2:])
        self.assertEqual(found, [(-7.5, 19), (-2.5, 7)])

    def test_changed_lines(self):
        """After a change the discount is shared out anew, and what staff wrote elsewhere stays."""
        lines = [
            {"id": 1, "sku": "LAMP", "total": "75.00"},
            {"id": 2, "sku": "TEA", "total": "25.00"},
            {"id": 3, "kind": "discount", "name": "10 %", "total": "-10.00"},
        ]
        sale = self.sale(self.payload(total="90.00", lines=lines))
        sale.order_line[0].name = "Blue lamp"
        lines[1]["total"] = "75.00"
        self.sale(self.payload(total="140.00", lines=lines))
        self.assertEqual(sale.amount_total, 140.0)
        found = sorted((line.price_total, line.tax_ids.amount) for line in sale.order_line[2:])
        self.assertEqual(found, [(-5.0, 7), (-5.0, 19)])
        self.assertEqual(sale.order_line[0].name, "Blue lamp")

    def test_country_changes(self):
        """Another country before the release is another tax, on every line."""
        position = self.position("OSS", (20.0, 10.0), country_id=self.env.ref("base.at").id)
        sale = self.sale(self.unrated())
        self.sale(self.unrated(delivery=self.buyer("AT", street="Ring")))
        self.assertEqual(sale.fiscal_position_id, position)
        self.assertEqual(sale.order_line.mapped("tax_ids.amount"), [20.0, 10.0])
        self.assertEqual(sale.amount_total, 57.80)

    def test_tax_without_a_form_for_gross_prices(self):
        """A tax the account does not know stops the order with a sentence; found, it goes on."""
        self.lamp.taxes_id = self._tax(16.0)
        record = self.receive(self.unrated())
        self.assertIn("T16", record.last_error)
        self.account.action_set_up_taxes()
        record.action_retry()
        record._interpret()
        self.assertEqual(record.sale_order_id.amount_total, 57.80)

    def test_many(self):
        """Orders of any shape meet the shop's total to the cent."""
        dice = random.Random(11)
        self.position("OSS", (20.0, 10.0), country_id=self.env.ref("base.at").id)
        datas = []
        for index in range(60):
            lines = []
            for number in range(dice.randint(1, 7)):
                total = Decimal(dice.randint(1, 99999)) / 100
                lines.append(
                    {
                        "id": number,
                        "sku": dice.choice(("LAMP", "TEA")),
                        "qty": dice.randint(1, 7),
                        "total": str(total),
                    }
                )
            total = sum(Decimal(line["total"]) for line in lines)
            cut = (total / 10).quantize(Decimal("0.01"))
            lines.append({"id": "cut", "kind": "discount", "name": "%", "total": str(-cut)})
            country = self.buyer(dice.choice(("DE", "AT")))
            datas.append(
                self.payload(str(index), lines=lines, total=str(total - cut), billing=country)
            )
        for record, data in zip(self.receive(*datas), datas, strict=True):
            sale = record.sale_order_id
            self.assertAlmostEqual(sale.amount_total, float(data["total"]), 2, data)
