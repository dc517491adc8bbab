"""A bank on a port of its own, and a source that knows how to get there."""

from odoo import fields

from odoo.addons.automation_core.tests.common import LoopbackCase, servers
from odoo.addons.payment_matching.tests.source_common import SourceCommon

from ..models.payment_source import PRODUCT


class FintsCase(LoopbackCase, SourceCommon):
    """At the end of each test the bank must have seen nothing that breaks its rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fints = servers("fints")
        cls.company.partner_id.lang = "en_US"
        cls.journal = cls._create_journal("FTS", cls.fints.IBAN)
        cls.env.user.group_ids += cls.env.ref("account.group_account_manager")

    def setUp(self):
        super().setUp()
        self.bank = self.fints.Bank.sample(fields.Date.today())
        server = self.fints.FintsServer(self.bank)
        server.start()
        self.addCleanup(server.stop)
        self.addCleanup(self._check_bank)
        self.env["payment.source"].search([("live", "=", True)]).live = False
        self.env["ir.config_parameter"].set_param(PRODUCT, self.bank.product)
        self.source = self._create_source(
            self.journal,
            kind="fints",
            fints_bank_code=self.bank.code,
            fints_address=server.address,
            fints_user=self.bank.user,
        )

    def _check_bank(self):
        self.assertEqual(self.bank.problems, [])

    # -- what a person does -------------------------------------------------

    def _talk(self, purpose="connect", source=None, **vals):
        source = source or self.source
        source._fints_talk(purpose)
        talk = self.env["payment.fints"].search(
            [("source_id", "=", source.id)], order="id desc", limit=1
        )
        talk.write(vals)
        return talk

    def _press(self, talk, button, pin=None, tan=None):
        """Press a button, with what the browser sends along."""
        context = {"fints_pin": self.bank.pin if pin is None else pin}
        if tan is not None:
            context["fints_tan"] = tan
        getattr(talk.with_context(**context), button)()
        # another click may meet another process: nothing but the database is left
        talk.env.flush_all()
        talk.env.invalidate_all()
        return talk.step

    def _choose(self, talk, name):
        talk.choice_id = talk.choice_ids.filtered(lambda choice: choice.name == name)
        return self._press(talk, "action_choose")

    def _connect(self, way="photoTAN", **vals):
        """Return the source, connected."""
        talk = self._talk(**vals)
        self.assertEqual(self._press(talk, "action_begin"), "way")
        self._choose(talk, way)
        if talk.step == "tan":
            self.bank.confirmed = talk.in_app
            self._press(talk, "action_confirm", tan="" if talk.in_app else self.bank.tan)
            self.bank.confirmed = False
        self.assertEqual(talk.step, "done", talk.message)
        return self.source

    def _fetch_by_cron(self):
        """Run both crons as they are run in earnest, with their commits."""
        self.source.write({"next_poll": False, "next_try": False})
        with self.enter_registry_test_mode():
            self.env.ref("payment_matching.ir_cron_fetch_payments").method_direct_trigger()
            self.env.ref("payment_matching.ir_cron_read_payments").method_direct_trigger()
        self.env.invalidate_all()
