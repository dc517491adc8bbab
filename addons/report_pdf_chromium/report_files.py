"""The files a report names, found inside this process: styles, fonts, pictures, bar codes."""

import base64
import logging
import mimetypes
import re
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import file_path
from odoo.tools.image import image_guess_size_from_field_name, image_process
from odoo.tools.mimetypes import guess_mimetype

from .lib.browser import Resource, is_own

_logger = logging.getLogger(__name__)
PICTURES = (".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp")
STATIC_FILES = (*PICTURES, ".css", ".otf", ".ttf", ".woff", ".woff2")
IMAGE = re.compile(
    r"/web/(?:image|content)"
    r"(?:/(?P<id>\d+)(?:-[\w]+)?|/(?P<model>[a-z][\w.]*)/(?P<res_id>\d+)/(?P<field>\w+)"
    r"|/(?P<xmlid>\w+\.[\w.-]+))?"
    r"(?:/(?P<width>\d+)x(?P<height>\d+))?(?:/[^/]*)?"
)
ASSET = re.compile(r"/web/assets/(?P<unique>[^/%]+)/(?P<filename>[^/%]+)")
BARCODE = re.compile(r"/report/barcode(?:/(?P<barcode_type>\w+)/(?P<value>.+)|/?)", re.DOTALL)
LOGO = re.compile(r"/(?:logo|logo\.png|web/binary/company_logo)")


class ReportFiles:
    """Called with an address, gives the file or nothing; nothing is ever fetched from outside.

    Records are read with the rights of the person who prints. Where a report is made by the system
    itself, only what is public counts: a report must not show more than its reader may see.
    """

    def __init__(self, env):
        self.env = env
        if env.su:
            # Less than the system's own rights, not more.
            self.env = env(user=env.ref("base.public_user"), su=False)
        parameters = env["ir.config_parameter"].sudo()
        bases = (parameters.get_param(name) for name in ("report.url", "web.base.url"))
        self.hosts = {urlsplit(base).netloc for base in bases if base}
        self.ways = (
            (ASSET, self._asset),
            (BARCODE, self._barcode),
            (LOGO, self._logo),
            (IMAGE, self._image),
        )

    def __call__(self, url):
        """The file of an address, as a browser resource; None for what is not ours to give."""
        parts = urlsplit(url)
        if not (is_own(url) or parts.netloc in self.hosts):
            _logger.info("A report names a file of another server, which is left out: %s", url)
            return None
        path, query = unquote(parts.path), dict(parse_qsl(parts.query))
        try:
            for pattern, way in self.ways:
                if match := pattern.fullmatch(path):
                    return way(**{**query, **_given(match)})
            return self._static(path)
        except (AccessError, MissingError, UserError, ValueError, OSError, TypeError) as error:
            _logger.warning("A report names a file that cannot be had: %s (%s)", path, error)
            return None

    def _static(self, path):
        parts = PurePosixPath(path.lstrip("/")).parts
        if len(parts) < 3 or parts[1] != "static" or ".." in parts:
            return None
        found = file_path("/".join(parts), filter_ext=STATIC_FILES)
        with open(found, "rb") as file:
            content = file.read()
        guessed = mimetypes.guess_type(found)[0] or guess_mimetype(content)
        return Resource(content, guessed, lasting=True)

    def _asset(self, unique, filename, **_query):
        # Bundles are public, but stored where only the system may look.
        env = self.env(su=True)
        url = env["ir.asset"]._get_asset_bundle_url(filename, unique, {})
        domain = [("public", "=", True), ("url", "=", url), ("res_model", "=", "ir.ui.view")]
        attachment = env["ir.attachment"].search([*domain, ("res_id", "=", 0)], limit=1)
        if not attachment:
            name, rtl, kind, prefixed = env["ir.asset"]._parse_bundle_name(filename, False)
            if kind != "css":
                return None
            bundle = env["ir.qweb"]._get_asset_bundle(
                name, css=True, js=False, rtl=rtl, autoprefix=prefixed
            )
            attachment = bundle.css()
        return Resource(attachment.raw, "text/css", lasting=True)

    def _barcode(self, barcode_type, value, **options):
        content = self.env["ir.actions.report"].barcode(barcode_type, value, **options)
        return Resource(content, "image/png")

    def _logo(self, company="", **_query):
        record = self.env["res.company"].browse(int(company)) if company else self.env.company
        # A company's logo is public: it is shown on the login page.
        return _picture(base64.b64decode(record.sudo().logo_web or b""))

    def _image(self, **values):
        """A picture of a record, by the rules of the route /web/image."""
        model = values.get("model") or "ir.attachment"
        record_id = values.get("res_id") or values.get("id")
        field = values.get("field") or "raw"
        record = self.env["ir.binary"]._find_record(
            values.get("xmlid"),
            model,
            int(record_id) if record_id else None,
            values.get("access_token"),
            field=field,
        )
        if record._name == "ir.attachment" and record.type == "url":
            return self._static(record.url or "")
        content = record[field] or b""
        if not (record._name == "ir.attachment" and field == "raw"):
            content = base64.b64decode(content)
        size = (int(values.get("width") or 0), int(values.get("height") or 0))
        if size == (0, 0):
            size = image_guess_size_from_field_name(field)
        if any(size) and content:
            content = image_process(content, size=size, crop=bool(values.get("crop")))
        return _picture(content)


def _given(match):
    return {name: value for name, value in match.groupdict().items() if value is not None}


def _picture(content):
    """The content as a picture; None when it is something else."""
    kind = guess_mimetype(content) if content else ""
    return Resource(content, kind) if kind.startswith("image/") else None
