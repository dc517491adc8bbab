"""Reports are printed by Chromium where there is no patched wkhtmltopdf."""

import hashlib
import io
import logging
from dataclasses import dataclass, field

from reportlab.graphics.utils import RenderPMError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.translate import get_translation

from odoo.addons.base.models import ir_actions_report as core

from ..barcodes import barcode_png
from ..lib.assemble import blank_pages
from ..lib.engine import Report, engine
from ..lib.errors import ChromiumError, NotFound
from ..lib.paper import Paper
from ..lib.programs import find
from ..report_files import ReportFiles

_logger = logging.getLogger(__name__)


@dataclass
class Documents:
    """The documents of a report that is being printed: whose they are, and their PDFs."""

    ids: list = field(default_factory=list)
    pdfs: list = field(default_factory=list)

    def can_be_told_apart(self, bodies):
        """Whether every body belongs to another record."""
        return len(bodies) > 1 and all(self.ids) and len(set(self.ids)) == len(bodies)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _get_chromium(self):
        """The Chromium program reports are printed with; empty when core's way is taken."""
        if core._wkhtml().is_patched_qt:
            return ""
        # Which program prints is a setting of the server, not of the person who prints.
        parameters = self.env["ir.config_parameter"].sudo()
        try:
            return find(parameters.get_param("report_pdf_chromium.program", ""))
        except NotFound as error:
            _logger.warning("Reports are not printed by Chromium: %s", error)
            return ""

    @api.model
    def get_wkhtmltopdf_state(self):
        """Override of `base`: PDF reports are possible when there is a Chromium."""
        return "ok" if self._get_chromium() else super().get_wkhtmltopdf_state()

    @api.model
    def barcode(self, barcode_type, value, **kwargs):
        """Override of `base`: bar codes also where reportlab cannot make pictures."""
        try:
            return super().barcode(barcode_type, value, **kwargs)
        except RenderPMError:
            return barcode_png(barcode_type, value, kwargs)

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Override of `base`: print with Chromium, without asking the HTTP server for anything."""
        if not (program := self._get_chromium()):
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        sheet = self._get_report(report_ref).get_paperformat() if report_ref else None
        sheet = sheet or self.get_paperformat()
        report = Report(
            bodies=[_text(body) for body in bodies],
            header=_text(header),
            footer=_text(footer),
            paper=_paper(sheet, landscape, specific_paperformat_args or {}),
            scope=hashlib.sha256(self.env.cr.dbname.encode()).hexdigest()[:16],
        )
        documents = self.env.context.get("chromium_documents")
        try:
            if documents and documents.can_be_told_apart(report.bodies):
                documents.pdfs = engine(program).render_each(report, ReportFiles(self.env))
                return blank_pages(len(report.bodies))
            return engine(program).render(report, ReportFiles(self.env))
        except ChromiumError as error:
            _logger.warning("Chromium did not print a report: %s", error)
            raise UserError(
                self.env._(
                    "The PDF could not be made: %(reason)s\n"
                    "Please try again. If it happens again, ask your administrator to look at the "
                    "server's log and memory.",
                    reason=get_translation(
                        "report_pdf_chromium", self.env.lang or "en_US", error.term, error.values
                    ),
                )
            ) from error

    def _prepare_html(self, html, report_model=False):
        """Override of `base`: note which document belongs to which record."""
        result = super()._prepare_html(html, report_model=report_model)
        if result and (documents := self.env.context.get("chromium_documents")):
            documents.ids = result[1]
        return result

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `base`: several documents are printed at once, each into a file of its own.

        Core would cut one long file into pieces. It is given as many empty pages as there are
        documents instead, and the documents take the places of its pieces.
        """
        if not res_ids or len(res_ids) < 2 or not self._get_chromium():
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        documents = Documents()
        reports = self.with_context(chromium_documents=documents)
        if isinstance(report_ref, models.BaseModel):
            report_ref = report_ref.with_context(chromium_documents=documents)
        streams = super(IrActionsReport, reports)._render_qweb_pdf_prepare_streams(
            report_ref, dict(data or {}), res_ids=res_ids
        )
        if documents.pdfs and (False in streams or not set(documents.ids) <= set(streams)):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        for res_id, pdf in zip(documents.ids, documents.pdfs, strict=False):
            streams[res_id]["stream"] = io.BytesIO(pdf)
        return streams


def _text(html):
    """HTML as Odoo's callers hand it over: text, marked-up text, bytes, or nothing."""
    return html.decode() if isinstance(html, bytes) else str(html or "")


def _paper(sheet, landscape, attributes):
    """The sheet of a report: its paper format, and what the report's own page says instead."""
    if landscape is None:
        landscape = attributes.get("data-report-landscape")
    width, height = sheet.print_page_width, sheet.print_page_height
    if landscape and width < height:
        width, height = height, width

    def value(name, default):
        given = attributes.get(f"data-report-{name}")
        return float(default if given in (None, False, "") else given)

    return Paper(
        width=width or 210.0,
        height=height or 297.0,
        top=value("margin-top", sheet.margin_top),
        bottom=value("margin-bottom", sheet.margin_bottom),
        left=sheet.margin_left,
        right=sheet.margin_right,
        header_spacing=value("header-spacing", sheet.header_spacing),
        header_line=sheet.header_line,
        dpi=value("dpi", sheet.dpi),
        may_shrink=not sheet.disable_shrinking,
    )
