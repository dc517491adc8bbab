"""One place to put files into and to fetch them from.

Other add-ons point to a record and use it like this, outside of business transactions::

    with transport._place() as place:           # one connection per run
        for found in place.list("*.csv", "out"):
            content = place.fetch(f"out/{found.name}")
            place.move(f"out/{found.name}", "out/done")
        place.put("in/stock.csv", content)

See ``lib.place`` for what a place can do. All failures are ``automation_core.lib.errors``.
"""

import configparser

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import config

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.masking import mask
from odoo.addons.automation_core.translated import translated

from ..lib import place, sftp
from ..lib.folder import FolderPlace
from ..lib.ftp import FtpLogin, FtpPlace
from ..lib.sftp import SftpLogin, SftpPlace
from ..lib.template import Values
from ..lib.web import WebLogin, WebPlace

PORTS = {"sftp": 22, "ftp": 21, "ftps": 21, "ftps_implicit": 990}
FTP = {"ftp": "none", "ftps": "explicit", "ftps_implicit": "implicit"}


class FileTransport(models.Model):
    """A server, a web address, a folder or a mailbox."""

    _name = "file.transport"
    _description = "Place for files"
    _inherit = ["mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: for all companies.")
    kind = fields.Selection(
        [
            ("sftp", "SFTP"),
            ("ftps", "FTP with encryption (FTPS, explicit)"),
            ("ftps_implicit", "FTP with encryption (FTPS, implicit)"),
            ("ftp", "FTP without encryption"),
            ("http", "Web address (HTTP)"),
            ("folder", "Folder on this server"),
            ("mail", "Mail with attachments (sending only)"),
        ],
        required=True,
        default="sftp",
        tracking=True,
    )
    live = fields.Boolean(
        "Switched on",
        default=True,
        copy=False,
        tracking=True,
        help="Nothing is put or fetched while it is off; the test does not connect either.",
    )
    host = fields.Char("Server", tracking=True, help="The server's name, without “ftp://”.")
    port = fields.Integer(compute="_compute_port", store=True, readonly=False)
    url = fields.Char(
        "Address", tracking=True, help="All paths are added to it, e.g. https://shop.example/feed."
    )
    folder = fields.Char(
        tracking=True,
        help="Where to begin; empty: where the login leads to. For a folder on this server: its "
        "full path, below one that the server's administrator allows.",
    )
    user = fields.Char("User name", groups="base.group_system", copy=False)
    password = fields.Char(groups="base.group_system", copy=False)
    private_key = fields.Text(groups="base.group_system", copy=False)
    passphrase = fields.Char("Passphrase of the key", groups="base.group_system", copy=False)
    public_key = fields.Char(
        compute="_compute_public_key",
        groups="base.group_system",
        help="Give this line to the operator of the server.",
    )
    host_key = fields.Char("Trusted key of the server", copy=False, tracking=True)
    host_key_seen = fields.Char("Key shown by the server", readonly=True, copy=False)
    host_key_print = fields.Char(
        "Fingerprint", compute="_compute_host_key_print", help="As “ssh-keygen -l” shows it."
    )
    host_key_seen_print = fields.Char("New fingerprint", compute="_compute_host_key_print")
    authority = fields.Text(
        "Own certificate",
        help="A certificate (PEM) to trust instead of the known authorities; for servers that "
        "sign their own.",
    )
    passive = fields.Boolean(
        "Passive mode",
        default=True,
        help="We open the data connections, which works through most firewalls.",
    )
    encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("latin-1", "Latin-1 (old servers)")],
        "Encoding of names",
        default="utf-8",
        required=True,
    )
    auth = fields.Selection(
        [
            ("none", "None, or inside the address"),
            ("basic", "User name and password"),
            ("bearer", "Token"),
            ("header", "Header of your own"),
        ],
        "Login with",
        default="basic",
        required=True,
    )
    header = fields.Char("Name of the header", help="e.g. X-Api-Key")
    method = fields.Selection(
        [("POST", "POST"), ("PUT", "PUT")], "Hand over with", default="POST", required=True
    )
    check_result = fields.Html("Last test", readonly=True, copy=False)
    checked = fields.Datetime("Last tested", readonly=True, copy=False)

    _port_range = models.Constraint(
        "CHECK (port >= 0 AND port < 65536)", "A port is a number up to 65535."
    )

    @api.depends("kind")
    def _compute_port(self):
        for transport in self:
            if transport.port in (0, *PORTS.values()):
                transport.port = PORTS.get(transport.kind, 0)

    @api.depends("private_key", "passphrase")
    def _compute_public_key(self):
        for transport in self:
            try:
                transport.public_key = bool(transport.private_key) and sftp.public_key(
                    transport.private_key, transport.passphrase or ""
                )
            except errors.AutomationError:
                transport.public_key = False

    @api.depends("host_key", "host_key_seen")
    def _compute_host_key_print(self):
        for transport in self:
            transport.host_key_print = sftp.fingerprint(transport.host_key or "")
            is_new = transport.host_key_seen and transport.host_key_seen != transport.host_key
            transport.host_key_seen_print = (
                sftp.fingerprint(transport.host_key_seen) if is_new else False
            )

    @api.constrains("kind", "host", "url", "folder", "mail_to")
    def _check_where(self):
        needed = {"http": "url", "folder": "folder", "mail": "mail_to"}
        for transport in self:
            name = needed.get(transport.kind, "host")
            if not transport[name]:
                raise ValidationError(
                    self.env._(
                        "“%(field)s” is needed for a place of the kind “%(kind)s”.",
                        field=self._fields[name]._description_string(self.env),
                        kind=dict(self._fields["kind"]._description_selection(self.env))[
                            transport.kind
                        ],
                    )
                )

    def write(self, vals):
        """Another server has to show its key anew."""
        if {"host", "port"} & set(vals) and "host_key" not in vals:
            vals = {**vals, "host_key": False, "host_key_seen": False}
        return super().write(vals)

    # -- for other add-ons -------------------------------------------------

    def _place(self) -> place.Place:
        """Return the place, to be used in a ``with`` statement.

        :raises errors.AutomationError: it is switched off or not set up
        """
        self.ensure_one()
        # sudo: who uses a place need not be able to read its login
        transport = self.sudo()
        if not transport.live or not transport.active:
            raise errors.Rejected(
                self.env._("The place “%s” is switched off.", transport.name),
                self.env._(
                    "An administrator can switch it on: Automation → Configuration → Places for "
                    "files."
                ),
            )
        if transport.kind in FTP:
            return FtpPlace(transport._ftp_login())
        makers = {
            "sftp": lambda: SftpPlace(transport._sftp_login()),
            "http": lambda: WebPlace(transport._web_login(), HttpClient),
            "folder": lambda: FolderPlace(transport.folder or "", self._allowed_folders()),
            "mail": transport._mail_place,
        }
        return makers[transport.kind]()

    def _values(self) -> Values:
        """Return what may stand in the placeholders of an address: the login."""
        transport = self.sudo()  # sudo: as for _place
        return Values(user=transport.user or "", password=transport.password or "")

    def _secrets(self) -> tuple[str, ...]:
        """Return the texts that must never show in an error."""
        transport = self.sudo()  # sudo: only administrators may read what must be kept secret
        found = (transport.password, transport.passphrase, transport.private_key)
        return tuple(secret for secret in found if secret)

    def _say(self, text: str) -> str:
        """Return a text in the reader's language, without this place's secrets."""
        return mask(translated(self.env, text), self._secrets())

    @api.model
    def _allowed_folders(self) -> list[str]:
        """Return the folders of this server that places may lie in; its administrator names them in
        the configuration file, never somebody in Odoo.
        """
        parser = configparser.RawConfigParser()
        parser.read(config["config"] or "")
        named = parser.get("file_transport", "folders", fallback="")
        return [folder.strip() for folder in named.split(",") if folder.strip().startswith("/")]

    # -- logins ------------------------------------------------------------

    def _sftp_login(self) -> SftpLogin:
        return SftpLogin(
            host=(self.host or "").strip(),
            port=self.port or PORTS["sftp"],
            user=self.user or "",
            password=self.password or "",
            private_key=self.private_key or "",
            passphrase=self.passphrase or "",
            host_key=self.host_key or "",
            folder=(self.folder or "").strip(),
        )

    def _ftp_login(self) -> FtpLogin:
        return FtpLogin(
            host=(self.host or "").strip(),
            port=self.port or PORTS[self.kind],
            user=self.user or "",
            password=self.password or "",
            security=FTP[self.kind],
            authority=self.authority or "",
            passive=self.passive,
            encoding=self.encoding,
            folder=(self.folder or "").strip(),
        )

    def _web_login(self) -> WebLogin:
        return WebLogin(
            url=(self.url or "").strip(),
            auth=self.auth,
            user=self.user or "",
            password=self.password or "",
            header=(self.header or "").strip(),
            method=self.method,
        )
