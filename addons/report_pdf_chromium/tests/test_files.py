import base64
import io
from unittest.mock import patch

import reportlab.graphics.shapes
from PIL import Image
from reportlab.graphics.utils import RenderPMError

from odoo.tests import TransactionCase, tagged

from ..report_files import ReportFiles

HOST = "http://a.report.invalid"


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(buffer, "PNG")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestReportFiles(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls.env["res.users"].create(
            {"name": "Printer", "login": "chromium-printer", "group_ids": [(6, 0, [])]}
        )
        cls.user.group_ids = cls.env.ref("base.group_user")
        cls.hidden = cls.env["ir.attachment"].create({"name": "hidden.png", "raw": picture()})
        cls.public = cls.env["ir.attachment"].create(
            {"name": "public.png", "raw": picture(), "public": True}
        )

    def files(self, user=None):
        return ReportFiles(self.env(user=user or self.user, su=False))

    def test_style_sheets_of_reports(self):
        bundle = self.env["ir.qweb"]._get_asset_bundle("web.report_assets_common", js=False)
        found = self.files()(HOST + bundle.get_link("css"))
        self.assertEqual(found.mimetype, "text/css")
        self.assertIn(b".o_body_pdf", found.content)
        self.env["ir.attachment"].search([("url", "=like", "/web/assets/%")]).unlink()
        self.assertTrue(self.files()(HOST + bundle.get_link("css")))

    def test_static_files_and_nothing_beside_them(self):
        files = self.files()
        self.assertEqual(files(HOST + "/web/static/img/logo.png").mimetype, "image/png")
        for path in (
            "/web/static/../__manifest__.py",
            "/web/static/%2e%2e/__manifest__.py",
            "/web/static/src/main.js",
            "/web/models/ir_http.py",
            "/../../etc/passwd",
            "//etc/passwd",
            "/etc/static/passwd",
            "/",
        ):
            self.assertIsNone(files(HOST + path), path)

    def test_own_server_by_its_full_address(self):
        self.env["ir.config_parameter"].set_param("web.base.url", "https://erp.example:8443")
        self.assertTrue(self.files()("https://erp.example:8443/web/static/img/logo.png"))
        self.assertIsNone(self.files()("https://evil.example/web/static/img/logo.png"))

    def test_bar_codes(self):
        for address in (
            "QR/Gr%C3%BC%C3%9Fe?width=90&height=90",
            "?barcode_type=Code128&value=A1",
            "EAN13/123?humanreadable=1",
            "auto/4006381333931",
        ):
            found = self.files()(f"{HOST}/report/barcode/{address}")
            self.assertEqual(found.mimetype, "image/png", address)

    def test_bar_codes_without_the_library_for_pictures(self):
        for kind, value, options in (
            ("QR", "Grüße", {"width": 90, "height": 90, "quiet": 0}),
            ("auto", "4006381333931", {"humanreadable": 1}),
            ("EAN13", "no digits", {}),
        ):
            with patch.object(reportlab.graphics.shapes.Drawing, "asString", self._no_backend):
                found = self.env["ir.actions.report"].barcode(kind, value, **options)
            shown = Image.open(io.BytesIO(found))
            self.assertEqual(shown.size, (options.get("width", 600), options.get("height", 100)))
            self.assertLess(20, 100 * sum(shown.histogram()[:128]) / (shown.width * shown.height))

    @staticmethod
    def _no_backend(drawing, kind):
        raise RenderPMError("no backend")

    def test_bar_code_beyond_reason(self):
        with self.assertLogs("odoo.addons.report_pdf_chromium.report_files", "WARNING"):
            self.assertIsNone(self.files()(HOST + "/report/barcode/QR/x?width=99999&height=99999"))

    def test_pictures_with_the_rights_of_the_printing_person(self):
        path = f"{HOST}/web/image/{self.hidden.id}"
        self.assertEqual(self.files(self.env.ref("base.user_admin"))(path).content, picture())
        with self.assertLogs("odoo.addons.report_pdf_chromium.report_files", "WARNING"):
            self.assertIsNone(self.files()(path))
        self.assertTrue(self.files()(f"{HOST}/web/image/{self.public.id}-abc/public.png"))

    def test_the_system_itself_shows_public_pictures_only(self):
        files = ReportFiles(self.env(su=True))
        with self.assertLogs("odoo.addons.report_pdf_chromium.report_files", "WARNING"):
            self.assertIsNone(files(f"{HOST}/web/image/{self.hidden.id}"))
        self.assertTrue(files(f"{HOST}/web/image/{self.public.id}"))

    def test_access_token_of_a_picture(self):
        token = self.hidden.generate_access_token()[0]
        path = f"{HOST}/web/image/{self.hidden.id}?access_token={token}"
        self.assertTrue(self.files()(path))

    def test_picture_of_a_record_in_a_size(self):
        self.user.image_1920 = base64.b64encode(picture())
        found = self.files()(f"{HOST}/web/image/res.users/{self.user.id}/image_128/2x2")
        self.assertEqual(Image.open(io.BytesIO(found.content)).size, (2, 2))

    def test_what_is_no_picture_is_not_given(self):
        page = self.env["ir.attachment"].create(
            {"name": "x.png", "raw": b"<html>", "public": True, "mimetype": "image/png"}
        )
        self.assertIsNone(self.files()(f"{HOST}/web/image/{page.id}"))

    def test_logo(self):
        self.env.company.logo = base64.b64encode(picture())
        self.assertEqual(self.files()(HOST + "/logo.png").mimetype, "image/png")

    def test_remote_attachment_is_not_fetched(self):
        remote = self.env["ir.attachment"].create(
            {"name": "r", "type": "url", "url": "http://evil.example/x.png", "public": True}
        )
        self.assertIsNone(self.files()(f"{HOST}/web/image/{remote.id}"))
