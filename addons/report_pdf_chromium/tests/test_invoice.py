import io
import sys
from unittest.mock import patch

import pypdf

from odoo import tools
from odoo.tests import tagged

from .common import ReportCase, texts


@tagged("post_install", "-at_install")
class TestInvoice(ReportCase):
    """Invoices, where accounting is installed: German layout, Factur-X, batches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "account.move" not in cls.env or not cls.env.company.chart_template:
            cls.skipTest(cls, "no accounting in this database")
        cls.company.write(
            {
                "vat": "DE136695976",
                "phone": "+49 40 123456",
                "email": "hallo@nordlicht.example",
                "street": "Gänsemarkt 7",
                "zip": "20354",
                "city": "Hamburg",
            }
        )
        cls.env["res.partner.bank"].create(
            {"acc_number": "DE02120300000000202051", "partner_id": cls.company.partner_id.id}
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Bäckerei Großmüller GmbH",
                "is_company": True,
                "street": "Übelstraße 12",
                "zip": "80331",
                "city": "München",
                "country_id": cls.env.ref("base.de").id,
            }
        )

    def invoice(self, lines):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    (0, 0, {"name": f"Posten {n}. Größe\nzweite\nEnde {n}.", "price_unit": 9.5 + n})
                    for n in range(lines)
                ],
            }
        )
        invoice.action_post()
        return invoice

    def file(self, invoices):
        """Render and embed as outside of tests."""
        with patch.dict(tools.config.options, {"test_enable": False}):
            self.env["account.move.send"]._generate_and_send_invoices(
                invoices, sending_methods=[], invoice_edi_format="facturx"
            )
        return {invoice: invoice.invoice_pdf_report_id.raw for invoice in invoices}

    def test_invoice_of_forty_lines(self):
        invoice = self.invoice(40)
        pages = texts(
            self.env["ir.actions.report"]._render_qweb_pdf("account.account_invoices", invoice.ids)[
                0
            ]
        )
        self.assertGreater(len(pages), 2)
        self.assertIn("BäckereiGroßmüllerGmbH", pages[0])
        for number, text in enumerate(pages, 1):
            self.assertIn("KätheMüßig", text)
            self.assertRegex(text, rf"{number}\D{{1,4}}{len(pages)}")
            starts = {n for n in range(40) if f"Posten{n}.Größe" in text}
            self.assertEqual(starts, {n for n in range(40) if f"Ende{n}." in text})

    def test_factur_x_whether_font_tools_are_there_or_not(self):
        """Odoo rewrites glyph widths when fontTools is importable: text must stay readable."""
        self._require_facturx()
        invoices = self.invoice(3) + self.invoice(30)
        without = {"fontTools": None, "fontTools.ttLib": None}
        for modules in ({}, without):
            invoices.invoice_pdf_report_id.unlink()
            with patch.dict(sys.modules, modules):
                for invoice, pdf in self.file(invoices).items():
                    self._check_pdf_a(invoice, pdf)

    def test_factur_x_of_a_single_invoice(self):
        self._require_facturx()
        invoice = self.invoice(2)
        self._check_pdf_a(invoice, self.file(invoice)[invoice])

    def _require_facturx(self):
        if "account.edi.xml.cii" not in self.env:
            self.skipTest("no Factur-X in this database")

    def _check_pdf_a(self, invoice, pdf):
        reader = pypdf.PdfReader(io.BytesIO(pdf))
        root = reader.trailer["/Root"]
        self.assertTrue(pdf.startswith(b"%PDF-1.7\n%"))
        self.assertGreater(pdf[10], 127)
        self.assertEqual(list(reader.attachments), ["factur-x.xml"])
        self.assertIn(invoice.name.encode(), reader.attachments["factur-x.xml"][0])
        self.assertIn(b"<pdfaid:part>3</pdfaid:part>", root["/Metadata"].get_data())
        for key in ("/OutputIntents", "/MarkInfo", "/AF"):
            self.assertIn(key, root)
        self.assertIn("Posten0.Größe", texts(pdf)[0])
        self.assertIn("".join(self.customer.name.split()), texts(pdf)[0])
