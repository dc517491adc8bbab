"""PayPal played over real HTTP, judged by its own documents, and a source that knows its login."""

import functools
import importlib
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo import fields

from odoo.addons.automation_core.lib.tokens import MemoryTokens
from odoo.addons.automation_core.tests.common import LoopbackCase
from odoo.addons.payment_matching.tests.common_book import BookCommon

from ..lib.client import connect
from ..models import payment_source

REPOSITORY = Path(__file__).resolve().parents[3]
SPECS = REPOSITORY.parent / "shared" / "specs" / "paypal"
HOUR = timedelta(hours=1)


def fake_paypal():
    """Return the module that plays PayPal; it belongs to the repository, not to the add-on."""
    if not (REPOSITORY / "tests" / "servers" / "paypal").is_dir():
        raise SkipTest("not here: the fake PayPal is not beside this add-on")
    if str(REPOSITORY) not in sys.path:
        sys.path.insert(0, str(REPOSITORY))
    return importlib.import_module("tests.servers.paypal")


@functools.cache
def paypals_documents():
    """Return the judge; without PayPal's documents only its own rules are checked."""
    return fake_paypal().Spec(SPECS) if SPECS.is_dir() else None


class PayPalCase(LoopbackCase, BookCommon):
    """A PayPal journal whose PayPal runs on a port of its own, anew for each test.

    At the end of each test PayPal must have seen nothing that its documents do not know.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fake = fake_paypal()
        cls.journal.name = "PayPal"
        cls.company.partner_id.lang = "en_US"  # the language of what the crons write
        cls.source = cls.env["payment.source"].create(
            {
                "name": "PayPal",
                "kind": "paypal",
                "journal_id": cls.journal.id,
                "live": True,
                "paypal_from": fields.Date.today() - timedelta(days=40),
            }
        )

    def setUp(self):
        super().setUp()
        self.server = self.fake.PayPalServer(spec=paypals_documents()).start()
        self.addCleanup(self.server.stop)
        quick = partial(
            connect, store=MemoryTokens(), timeout=(2.0, 2.0), sleep=lambda _seconds: None
        )
        self.startPatcher(patch.object(payment_source, "connect", quick))
        self.source.write(
            {
                "paypal_client_id": self.server.tokens.client_id,
                "paypal_secret": self.server.tokens.secret,
                "paypal_endpoint": self.server.url,
            }
        )
        self.env.flush_all()
        if not type(self)._registry_patched:  # tests over HTTP are in it already
            self.registry_enter_test_mode()

    def tearDown(self):
        self.assertEqual(self.server.violations, [])
        super().tearDown()

    @staticmethod
    def ago(hours=24.0):
        """Return the time so many hours ago."""
        return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)

    def fetch(self, source=None):
        """Fetch and read as the crons do; return the new lines."""
        before = self._lines()
        (source or self.source).write({"next_poll": False, "next_try": False})
        self.env.flush_all()
        self.env.ref("payment_matching.ir_cron_fetch_payments").method_direct_trigger()
        self.read_files()
        return self._lines() - before

    def read_files(self):
        """Only read what is stored."""
        self.env.ref("payment_matching.ir_cron_read_payments").method_direct_trigger()
        self.env.invalidate_all()

    def _lines(self, journal=None):
        return self.env["account.bank.statement.line"].search(
            [("journal_id", "=", (journal or self.journal).id)], order="id"
        )
