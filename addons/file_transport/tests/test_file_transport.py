import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.tests.common import LoopbackCase

from .common import PlacesCase, file_servers

SECRET = "s3cret wörd"


class _Echo(BaseHTTPRequestHandler):
    def log_message(self, *args):
        """Keep quiet."""

    def do_GET(self):
        self.send_response(200 if self.headers.get("X-Key") == "k3y" else 401)
        self.send_header("Content-Length", "1")
        self.end_headers()
        self.wfile.write(b"x")


@tagged("post_install", "-at_install")
class TestFileTransport(LoopbackCase, PlacesCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.manager = new_test_user(
            cls.env, "transport-manager", "automation_core.group_automation_manager"
        )

    @contextmanager
    def _web(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            server.server_close()

    def test_every_kind_of_place_takes_and_gives_files(self):
        for make in (self.sftp_place, self.ftps_place, self.ftp_place, self.folder_place):
            with self.subTest(make.__name__):
                root = self.new_folder()
                transport = make(root)
                with transport._place() as place:
                    place.put("a.csv", b"x;y")
                    self.assertEqual([file.name for file in place.list("*.csv")], ["a.csv"])
                    self.assertEqual(place.fetch("a.csv"), b"x;y")
                    place.move("a.csv", "done")
                self.assertEqual((root / "done" / "a.csv").read_bytes(), b"x;y")
                transport.action_check()
                self.assertIn("fa-check", transport.check_result)
                self.assertTrue(transport.checked)

    def test_a_key_is_trusted_by_a_person_only(self):
        transport = self.sftp_place(self.new_folder())
        key = transport.host_key
        transport.host_key = False
        transport.action_check()
        self.assertIn("not known yet", transport.check_result)
        self.assertFalse(transport.host_key)
        self.assertTrue(transport.host_key_seen_print.startswith("ecdsa-sha2-nistp256 SHA256:"))
        transport.action_trust_host_key()
        self.assertEqual(transport.host_key, key)
        self.assertIn("fa-check", transport.check_result)
        self.assertFalse(transport.host_key_seen_print)

    def test_another_server_shows_its_key_anew(self):
        transport = self.sftp_place(self.new_folder())
        transport.port = 2222
        self.assertFalse(transport.host_key)

    def test_a_changed_key_is_said_and_not_taken(self):
        transport = self.sftp_place(self.new_folder())
        transport.host_key = "ssh-ed25519 AAAA"
        transport.action_check()
        self.assertIn("another key than before", transport.check_result)
        self.assertEqual(transport.host_key, "ssh-ed25519 AAAA")

    def test_the_login_never_shows(self):
        transport = self.sftp_place(self.new_folder())
        transport.password = "wr0ng"
        transport.action_check()
        self.assertIn("does not accept the login", transport.check_result)
        self.assertNotIn("wr0ng", transport.check_result)
        seen = transport.with_user(self.manager)
        self.assertEqual(seen.host, "127.0.0.1")
        for name in ("user", "password", "private_key", "passphrase", "public_key"):
            with self.assertRaises(AccessError):
                seen.read([name])
        with self.assertRaises(AccessError):
            seen.host = "evil.example"
        with self.assertRaises(AccessError):
            seen.action_trust_host_key()

    def test_a_manager_may_test_and_add_ons_may_use_it_for_him(self):
        transport = self.sftp_place(self.new_folder()).with_user(self.manager)
        transport.action_check()
        self.assertIn("fa-check", transport.check_result)

    def test_nothing_is_copied_that_is_secret(self):
        transport = self.sftp_place(self.new_folder())
        copy = transport.copy()
        self.assertFalse(copy.password or copy.user or copy.host_key or copy.private_key)

    def test_a_place_that_is_off_does_not_connect(self):
        transport = self.sftp_place(self.new_folder())
        transport.live = False
        with self.assertRaisesRegex(errors.Rejected, "switched off"):
            transport._place()
        transport.action_check()
        self.assertIn("switched off", transport.check_result)

    def test_a_neutralised_database_talks_to_nobody(self):
        transport = self.sftp_place(self.new_folder())
        path = Path(__file__).parents[1] / "data" / "neutralize.sql"
        self.env.flush_all()
        self.env.cr.execute(path.read_text())
        self.env.invalidate_all()
        self.assertFalse(transport.live or transport.password or transport.private_key)

    def test_a_web_address(self):
        with self._web() as url:
            transport = self._new_place(
                kind="http", url=url, auth="header", header="X-Key", password="k3y"
            )
            with transport._place() as place:
                self.assertEqual(place.fetch("orders.csv"), b"x")
            transport.password = "other"
            transport.action_check()
        self.assertIn("does not accept the login", transport.check_result)
        self.assertNotIn("other", transport.check_result)

    def test_a_mail_goes_into_the_queue(self):
        transport = self._new_place(
            kind="mail", mail_to="a@x.example, b@x.example", mail_subject="Order {name}"
        )
        with transport._place() as place:
            place.put("out/order-1.xml", b"<x/>")
            with self.assertRaisesRegex(errors.Rejected, "only sends"):
                place.list()
        mail = self.env["mail.mail"].search([("model", "=", "file.transport")], limit=1)
        self.assertEqual((mail.subject, mail.state), ("Order order-1.xml", "outgoing"))
        self.assertEqual(mail.attachment_ids.mapped("name"), ["order-1.xml"])
        self.assertEqual(mail.attachment_ids.raw, b"<x/>")
        transport.action_check()
        self.assertIn("a@x.example", transport.check_result)

    def test_only_folders_that_the_server_allows(self):
        root = self.new_folder()
        transport = self.folder_place(root)
        transport.folder = "/etc"
        transport.action_check()
        self.assertIn("not allowed", transport.check_result)
        transport.folder = f"{root}/../../etc"
        transport.action_check()
        self.assertIn("fa-times", transport.check_result)
        self.env["ir.config_parameter"].set_param("file_transport.folders", "/etc")
        transport.folder = "/etc"
        transport.action_check()
        self.assertIn("not allowed", transport.check_result)

    def test_what_is_needed_is_said(self):
        for kind in ("sftp", "http", "folder", "mail"):
            with self.assertRaisesRegex(ValidationError, "is needed"):
                self._new_place(kind=kind)

    def test_a_key_pair(self):
        transport = self._new_place(kind="sftp", host="sftp.example.com")
        transport.action_make_key()
        self.assertTrue(transport.public_key.startswith("ssh-ed25519 "))
        with self.assertRaises(UserError):
            transport.action_make_key()
        transport.action_delete_key()
        self.assertFalse(transport.private_key or transport.public_key)
        transport.private_key = "nonsense"
        self.assertFalse(transport.public_key)

    def test_ports_follow_the_kind_until_somebody_chooses_one(self):
        transport = self._new_place(kind="sftp", host="x.example")
        self.assertEqual(transport.port, 22)
        transport.kind = "ftps_implicit"
        self.assertEqual(transport.port, 990)
        transport.port = 2121
        transport.kind = "ftp"
        self.assertEqual(transport.port, 2121)

    def test_companies_do_not_see_each_others_places(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self._new_place(kind="sftp", host="x.example", company_id=other.id)
        everybodys = self._new_place(kind="sftp", host="x.example")
        seen = self.env["file.transport"].with_user(self.manager).search([])
        self.assertNotIn(theirs, seen)
        self.assertIn(everybodys, seen)

    def test_words_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env.user.lang = "de_DE"
        transport = self.sftp_place(self.new_folder()).with_context(lang="de_DE")
        transport.host_key = False
        transport.action_check()
        self.assertIn("noch nicht bekannt", transport.check_result)

    def test_servers_are_there(self):
        self.assertTrue(file_servers().SftpServer)
