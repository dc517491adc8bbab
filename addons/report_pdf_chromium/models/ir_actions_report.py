"""Reports are printed by Chromium where there is no patched wkhtmltopdf."""

import hashlib
import io
import logging

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.base.models import ir_actions_report as core

from ..lib.assemble import completed, is_split_off
from ..lib.engine import Report, engine
from ..lib.errors import ChromiumError, NotFound
from ..lib.paper import Paper
from ..lib.programs import find
from ..report_files import ReportFiles

_logger = logging.getLogger(__name__)


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
            may_shrink=not sheet.disable_shrinking,
            scope=hashlib.sha256(self.env.cr.dbname.encode()).hexdigest()[:16],
        )
        try:
            return engine(program).render(report, ReportFiles(self.env))
        except ChromiumError as error:
            _logger.warning("Chromium did not print a report: %s", error)
            raise UserError(
                self.env._(
                    "The PDF could not be made: %(reason)s\n"
                    "Please try again. If it happens again, ask your administrator to look at the "
                    "server's log and memory.",
                    reason=self.env._(error.term, **error.values),
                )
            ) from error

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `base`: files split off a longer one are like those printed alone."""
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        if len(streams) > 1 and self._get_chromium():
            for values in streams.values():
                pdf = values["stream"].getvalue() if values["stream"] else b""
                if is_split_off(pdf):
                    values["stream"] = io.BytesIO(completed(pdf))
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
    )
