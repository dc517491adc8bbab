import json
from decimal import Decimal
from unittest import SkipTest

from odoo.tests import tagged

from odoo.addons.automation_core.tests.common import REPOSITORY
from odoo.addons.payment_matching.lib.statement.read import read_statements

from .source_common import SourceCommon

SAMPLES = REPOSITORY.parent / "shared" / "samples" / "bank"


@tagged("post_install", "-at_install")
class TestSourceSamples(SourceCommon):
    """Real files of many banks, on their whole way into the books."""

    def _create_journals(self, content):
        """Return a journal for each account of a file."""
        currencies = self.env["res.currency"].with_context(active_test=False)
        journals = {}
        for statement in read_statements("sample", content):
            number = statement.account or "none"
            if number in journals:
                continue
            name = statement.currency or "EUR"
            currency = currencies.search([("name", "=", name)]) or currencies.create(
                {"name": name, "symbol": name}
            )
            currency.active = True
            self.number = getattr(self, "number", 0) + 1
            journals[number] = self._create_journal(
                f"S{self.number}", statement.account, currency_id=currency.id
            )
        return list(journals.values())

    def test_every_sample_is_right_in_count_and_sum_and_only_once(self):
        if not (SAMPLES / "expected.json").exists():
            raise SkipTest("not here: the samples of banks' files")
        for sample in json.loads((SAMPLES / "expected.json").read_text()):
            with self.subTest(sample["file"]):
                content = (SAMPLES / sample["file"]).read_bytes()
                self._import(content, sample["transactions"], Decimal(sample["sum"]))

    def _import(self, content, count, total):
        # accounts of other samples would be found first
        self.env["account.journal"].search([("company_id", "=", self.company.id)]).write(
            {"bank_account_id": False}
        )
        journals = self._create_journals(content)
        if not journals:
            self.assertEqual(count, 0)
            return
        source = self._create_source(journals[0])
        file = self._take_and_read(content, source=source, name="sample")
        self.assertEqual((file.state, file.last_error), ("done", False))
        lines = file.line_ids
        bookings = {line.payment_batch_key or line.payment_key for line in lines}
        self.assertEqual(len(bookings), count)
        self.assertEqual(sum(Decimal(f"{line.amount:.2f}") for line in lines), total)
        self.assertEqual(set(lines.mapped("move_id.state")) - {"posted"}, set())
        again = self._take_and_read(content + b"\n", source=source, name="again")
        self.assertEqual((again.state, again.new_count, again.known_count), ("done", 0, len(lines)))
