import io
import re
from unittest.mock import patch

import pypdf

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models import ir_actions_report as core

from ..lib.engine import Engine
from ..lib.errors import Crashed
from .common import ReportCase, texts

PATCHED = core.WkhtmlInfo("ok", True, "wkhtmltopdf", "0.12.6", True, "", None)
MISSING = core.WkhtmlInfo("install", False, "wkhtmltopdf", "", False, "", None)


@tagged("post_install", "-at_install")
class TestReport(ReportCase):
    def test_every_page_has_header_footer_and_number(self):
        pages = texts(self.print(self.partners[0]))
        self.assertGreater(len(pages), 1)
        for number, text in enumerate(pages, 1):
            self.assertIn("FußzeileKätheMüßig", text)
            self.assertRegex(text, rf"{number}\D{{1,4}}{len(pages)}")
            self.assertIn("Tabellenkopf", text)

    def test_rows_stay_whole(self):
        for text in texts(self.print(self.partners[0])):
            starts = set(re.findall(r"Zeile(\d+)oben", text))
            ends = set(re.findall(r"mitte(\d+)unten", text))
            self.assertEqual(starts, ends)

    def test_several_documents_are_split_right(self):
        self.report.write({"attachment": "object.name + '.pdf'"})
        whole = texts(self.print(self.partners))
        found = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)]
        )
        parts = {attachment.name: texts(attachment.raw) for attachment in found}
        self.assertEqual(set(parts), {"Ärmel & Söhne.pdf", "Zweiter.pdf", "Dritter.pdf"})
        self.assertEqual(sum(map(len, parts.values())), len(whole))
        for name, pages in parts.items():
            self.assertIn("".join(name.removesuffix(".pdf").split()), pages[0])
        self.assertNotIn("Dritter", "".join(parts["Zweiter.pdf"]))

    def test_documents_of_one_page_are_split_right(self):
        self.partners.color = 1
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            self.report, {}, self.partners.ids
        )
        for partner in self.partners:
            pages = texts(streams[partner.id]["stream"].getvalue())
            self.assertEqual(len(pages), 1)
            self.assertIn("".join(partner.name.split()), pages[0])

    def test_split_files_are_fit_for_the_step_to_pdf_a(self):
        """Odoo needs an outline there and takes a file with a binary comment for PDF/A already."""
        streams = self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
            self.report, {}, self.partners.ids
        )
        for values in streams.values():
            pdf = values["stream"].getvalue()
            self.assertIn("/Outlines", pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"])
            self.assertFalse(pdf.split(b"\n")[1].strip())

    def test_landscape(self):
        for paper_says, caller_says in (("Landscape", None), ("Portrait", True)):
            self.report.paperformat_id.orientation = paper_says
            pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(
                ["<p>quer</p>"], report_ref=self.report.id, landscape=caller_says
            )
            box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
            self.assertGreater(box.width, box.height)

    def test_the_reports_own_page_overrules_the_paper_format(self):
        pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(
            ["<p>x</p>"],
            report_ref=self.report.id,
            landscape=None,
            specific_paperformat_args={"data-report-landscape": "1", "data-report-dpi": "90"},
        )
        box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
        self.assertGreater(box.width, box.height)

    def test_label_without_header_on_its_own_paper(self):
        self.report.paperformat_id.write(
            {"format": "custom", "page_width": 62, "page_height": 29, "margin_top": 1}
        )
        self.report.paperformat_id.write({"margin_bottom": 1, "header_spacing": 0})
        pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(
            [b"<p>Etikett</p>"], report_ref=self.report.id
        )
        box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
        self.assertAlmostEqual(float(box.width) / 72 * 25.4, 62, delta=0.5)
        self.assertEqual(len(texts(pdf)), 1)

    def test_patched_wkhtmltopdf_goes_first(self):
        reports = self.env["ir.actions.report"]
        with patch.object(core, "_wkhtml", return_value=PATCHED), self._core_engine() as run:
            self.assertFalse(reports._get_chromium())
            reports._run_wkhtmltopdf(["<p>x</p>"])
            run.assert_called_once()

    def test_without_any_engine_core_says_so(self):
        reports = self.env["ir.actions.report"]
        self.env["ir.config_parameter"].set_param("report_pdf_chromium.program", "/no/chromium")
        with self._no_wkhtmltopdf():
            self.assertEqual(reports.get_wkhtmltopdf_state(), "install")
            with self.assertRaisesRegex(UserError, "Wkhtmltopdf"):
                self.print(self.partners[0])

    def test_with_chromium_alone_reports_are_possible(self):
        with self._no_wkhtmltopdf():
            self.assertEqual(self.env["ir.actions.report"].get_wkhtmltopdf_state(), "ok")

    def test_failure_is_told_in_a_sentence(self):
        with (
            patch.object(Engine, "_render", side_effect=Crashed("The browser ended.")),
            self.assertRaisesRegex(UserError, "could not be made: The browser ended"),
            self.assertLogs("odoo.addons.report_pdf_chromium", "WARNING"),
        ):
            self.print(self.partners[0])

    def _no_wkhtmltopdf(self):
        return patch.object(core, "_wkhtml", return_value=MISSING)

    def _core_engine(self):
        return patch.object(
            core.IrActionsReport, "_run_wkhtmltopdf", autospec=True, return_value=b"%PDF-1.4"
        )
