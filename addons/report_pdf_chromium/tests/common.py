import io

import pypdf

from odoo.tests import TransactionCase

PAGE = """
<t t-call="web.html_container">
    <t t-foreach="docs" t-as="o">
        <t t-call="web.external_layout">
            <div class="page">
                <h1 t-out="o.name"/>
                <table class="table">
                    <thead><tr><th>Tabellenkopf</th></tr></thead>
                    <tbody>
                        <tr t-foreach="range(o.color or 1)" t-as="n">
                            <td>Zeile <t t-out="n"/> oben<br/>mitte<br/><t t-out="n"/> unten</td>
                        </tr>
                    </tbody>
                </table>
            </div>
        </t>
    </t>
</t>
"""


def texts(pdf):
    """The text of every page, without white space (small print is set letter by letter)."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return ["".join(page.extract_text().split()) for page in reader.pages]


class ReportCase(TransactionCase):
    """A report of its own: one document per partner, as many rows as the partner's colour says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, force_report_rendering=True))
        reports = cls.env["ir.actions.report"]
        if not reports._get_chromium():
            cls.skipTest(cls, "no Chromium on this machine")
        cls.company = cls.env.company
        cls.company.write({"report_footer": "<p>Fußzeile Käthe Müßig</p>"})
        view = cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "Test",
                "key": "report_pdf_chromium.test_partners",
                "arch": f"<t t-name='report_pdf_chromium.test_partners'>{PAGE}</t>",
            }
        )
        cls.env["ir.model.data"].create(
            {
                "module": "report_pdf_chromium",
                "name": "test_partners",
                "model": "ir.ui.view",
                "res_id": view.id,
            }
        )
        cls.report = reports.create(
            {
                "name": "Test",
                "model": "res.partner",
                "report_type": "qweb-pdf",
                "report_name": "report_pdf_chromium.test_partners",
                "paperformat_id": cls.env["report.paperformat"]
                .create({"name": "Test", "format": "A4", "orientation": "Portrait"})
                .id,
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": "Ärmel & Söhne", "color": 40},
                {"name": "Zweiter", "color": 1},
                {"name": "Dritter", "color": 25},
            ]
        )

    def print(self, partners):
        """The PDF of the report for partners."""
        return self.env["ir.actions.report"]._render_qweb_pdf(self.report, partners.ids)[0]
