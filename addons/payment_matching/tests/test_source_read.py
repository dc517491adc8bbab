from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.payment_matching.lib.statement.model import Statement, StatementLine
from odoo.addons.payment_matching.models import payment_source_read

from .source_common import IBAN, OTHER_IBAN, SourceCommon, camt, camts, entry

BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><Document>&c;</Document>"""
MT940 = """:20:STARTUMSE\r
:25:{account}\r
:28C:00001/001\r
:60F:C261109EUR0,00\r
:61:2611101110CR100,00N166NONREF\r
:86:166?00GUTSCHRIFT?20SVWZ+Rechnung 4711?30NTSBDEB1?31DE75512108001245126199?32Erika Muster\r
:62F:C261110EUR100,00\r
-"""


def mt940(iban):
    return MT940.format(account=f"{iban[4:12]}/{iban[12:]}").encode()


@tagged("post_install", "-at_install")
class TestSourceRead(SourceCommon):
    def test_a_booking_becomes_a_line_with_everything_said(self):
        self._take_and_read(camt(entry(100, "Rechnung 4711", ref="RE-4711")))
        line = self._lines()
        self.assertEqual(
            (line.amount, line.payment_ref, line.partner_name, line.account_number),
            (100.0, "Rechnung 4711", "Erika Muster", "DE75512108001245126199"),
        )
        self.assertEqual(
            (line.end_to_end_id, line.payment_kind, line.match_state, str(line.date)),
            ("RE-4711", "payment", "waiting", "2026-11-10"),
        )
        self.assertFalse(line.partner_id, "nobody is guessed from a name")
        self.assertIn("4711", line.payment_raw)
        self.assertEqual(line.move_id.state, "posted")
        self.assertEqual(line.payment_file_id.new_count, 1)

    def test_pending_entries_never_become_lines(self):
        file = self._take_and_read(camt(entry(1), entry(2, status="PDNG"), form="052"))
        self.assertEqual(self._lines().mapped("amount"), [1.0])
        self.assertEqual((file.new_count, file.pending_count), (1, 1))

    def test_a_second_import_adds_nothing(self):
        entries = (entry(10, "a"), entry(10, "a"), entry(-5, "b"))
        first = self._take_and_read(camt(*entries))
        again = self._take_and_read(camt(*entries, number="2"))
        self.assertEqual((first.new_count, first.known_count), (3, 0), "two equal ones are two")
        self.assertEqual((again.new_count, again.known_count), (0, 3))
        self.assertEqual(len(self._lines()), 3)

    def test_interim_final_and_mt940_give_each_booking_once(self):
        other = self._create_journal("TBN1", OTHER_IBAN)
        orders = (
            (self.journal, IBAN, ("052", "053", "940")),
            (other, OTHER_IBAN, ("940", "053", "052")),
        )
        for journal, iban, forms in orders:
            source = self._create_source(journal)
            for form in forms:
                camt_file = camt(entry(), iban=iban, form=form) if form != "940" else None
                file = self._take_and_read(camt_file or mt940(iban), source=source)
                self.assertEqual((file.state, file.last_error), ("done", False))
            self.assertEqual(self._lines(journal).mapped("amount"), [100.0], forms)

    def test_overlapping_files_in_one_batch(self):
        files = self._take_and_read(camt(entry(1), entry(2, "b")), camt(entry(2, "b"), entry(3)))
        self.assertEqual(files.mapped("new_count"), [2, 1])
        self.assertEqual(sorted(self._lines().mapped("amount")), [1.0, 2.0, 3.0])

    def test_two_sources_with_one_file(self):
        other = self._create_source(name="Other")
        content = camt(entry())
        self._take_and_read(content)
        file = self._take_and_read(content, source=other)
        self.assertEqual((file.state, file.new_count, file.known_count), ("done", 0, 1))
        self.assertEqual(len(self._lines()), 1)

    def test_a_line_entered_by_hand_is_not_doubled(self):
        self._create_payment(
            100, "Rechnung 4711", account_number="DE75512108001245126199", date="2026-11-10"
        )
        file = self._take_and_read(camt(entry()))
        self.assertEqual((file.new_count, file.known_count), (0, 1))

    def test_fees_are_lines_of_their_own(self):
        line = StatementLine(
            key="paypal:1",
            date=self.env.company.create_date.date(),
            amount=100,
            currency="EUR",
            fee=-3,
            bank_reference="T1",
        )
        source = self.source
        statement = Statement("", "EUR", (line,))
        with patch.object(type(source), "_source_read", lambda *_args: (statement,)):
            self._take_and_read(b"{}")
            again = self._take_and_read(b"{ }")
        lines = self._lines()
        self.assertEqual(lines.mapped("amount"), [100.0, -3.0])
        self.assertEqual(lines.mapped("match_state"), ["waiting", "aside"])
        self.assertEqual(lines[1].payment_reference_id, "T1")
        self.assertEqual(again.known_count, 2)

    def test_wrapped_text_is_healed_for_people_and_kept_for_the_matcher(self):
        text = "Zahlung zur Bestellung 2026\n12345 vielen Dank"
        line = StatementLine("bank:x:1", self.env.company.create_date.date(), 1, "EUR")
        label = self.env["account.bank.statement.line"]._payment_label
        wrapped = type(line)("k", line.date, 1, "EUR", remittance=text)
        self.assertEqual(label(wrapped), "Zahlung zur Bestellung 202612345 vielen Dank")
        short = type(line)("k", line.date, 1, "EUR", remittance="Rechnung\n4711")
        self.assertEqual(label(short), "Rechnung 4711")

    # -- what is refused ---------------------------------------------------

    def _assert_refused(self, content, *words):
        file = self._take_and_read(content)
        self.assertEqual(file.state, "failed")
        for word in words:
            self.assertIn(word, file.last_error)
        self.assertFalse(self._lines(), "nothing is left behind")
        case = self._cases()
        self.assertEqual(case.code, "payment:file")
        self.assertIn(file.last_error, case.explanation)
        self.assertFalse(case.blocking)
        return file

    def test_foreign_account(self):
        self._assert_refused(camt(entry(), iban=OTHER_IBAN), OTHER_IBAN, self.journal.name)

    def test_foreign_currency(self):
        content = camt(entry(currency="CHF"), currency="CHF")
        self._assert_refused(content, "CHF", "EUR", self.journal.name)

    def test_one_unknown_account_among_several(self):
        content = camts((IBAN, [entry(1)]), (OTHER_IBAN, [entry(2)]))
        self._assert_refused(content, OTHER_IBAN)

    def test_truncated(self):
        content = camt(entry(1), entry(2))
        self._assert_refused(content[: len(content) * 2 // 3])

    def test_bomb(self):
        self._assert_refused(BOMB)

    def test_wrong_charset(self):
        content = (
            camt(entry(text="Grüße"))
            .replace("ü".encode(), b"\xfc")
            .replace(b"urn:", "ürn:".encode("latin-1"), 1)
        )
        self._assert_refused(content)

    def test_no_statement_at_all(self):
        self._assert_refused(b"%PDF-1.7 invoice")

    def test_a_locked_period_refuses_the_file_in_words(self):
        self.company.sudo().hard_lock_date = "2026-11-30"
        file = self._take_and_read(camt(entry()))
        if file.state == "failed":
            self.assertFalse(self._lines())
            self.assertIn("lock", file.last_error.lower())
        else:
            self.assertGreater(str(self._lines().date), "2026-11-30")

    def test_a_bad_file_stops_no_other(self):
        files = self._take_and_read(b"rubbish", camt(entry(1)), BOMB, camt(entry(2)))
        self.assertEqual(files.mapped("state"), ["failed", "done", "failed", "done"])
        self.assertEqual(sorted(self._lines().mapped("amount")), [1.0, 2.0])
        self.assertEqual(len(self._cases()), 1, "one case for the source")

    def test_what_is_mended_is_read_again_and_its_case_closes(self):
        file = self._take_and_read(camt(entry(), iban=OTHER_IBAN))
        self.assertTrue(self._cases())
        self.journal.bank_account_id = False
        self.journal.set_bank_account(OTHER_IBAN)
        file.action_retry()
        self.assertEqual((file.state, file.new_count, file.last_error), ("done", 1, False))
        self.assertFalse(self._cases())

    def test_an_ignored_file_closes_its_case(self):
        file = self._take_and_read(b"rubbish")
        file.action_ignore()
        self.assertEqual(file.state, "ignored")
        self.assertFalse(self._cases())

    def test_an_unexpected_error_is_tried_again_and_then_put_aside(self):
        def broken(*_args):
            raise RuntimeError("bug")

        with (
            patch.object(type(self.source), "_source_read", broken),
            self.assertLogs("odoo.addons.automation_core.models.automation_batch", "WARNING"),
        ):
            file = self._take_and_read(b"x")
            self.assertEqual((file.state, file.attempts), ("new", 1))
            self.assertTrue(file.next_try)
            for _time in range(4):
                file._read_now()
        self.assertEqual(file.state, "failed")
        self.assertTrue(self._cases())

    # -- where it goes -----------------------------------------------------

    def test_a_file_with_several_accounts_goes_to_their_journals(self):
        other = self._create_journal("TBN2", OTHER_IBAN, match_payments=False)
        content = camts((IBAN, [entry(1)]), (OTHER_IBAN, [entry(2), entry(3)]))
        file = self._take_and_read(content)
        self.assertEqual(self._lines().mapped("amount"), [1.0])
        self.assertEqual(self._lines(other).mapped("amount"), [2.0, 3.0])
        self.assertEqual(self._lines(other).mapped("match_state"), [False, False])
        self.assertEqual(file.new_count, 3)

    def test_a_journal_without_account_learns_it_from_its_first_file(self):
        journal = self._create_journal("TBN3")
        source = self._create_source(journal)
        file = self._take_and_read(camt(entry(1), iban=OTHER_IBAN), source=source)
        self.assertEqual(file.state, "done")
        self.assertEqual(journal.bank_account_id.sanitized_acc_number, OTHER_IBAN)
        self.assertIn(OTHER_IBAN, file.note)
        foreign = "DE12500105170648489890"
        later = self._take_and_read(camt(entry(2), iban=foreign), source=source)
        self.assertEqual(later.state, "failed")

    def test_two_accounts_for_a_journal_without_one(self):
        journal = self._create_journal("TBN4")
        source = self._create_source(journal)
        content = camts(("DE12500105170648489890", [entry(1)]), (OTHER_IBAN, [entry(2)]))
        self.assertEqual(self._take_and_read(content, source=source).state, "failed")
        self.assertFalse(journal.bank_acc_number)
        self.assertFalse(self._lines(journal))

    # -- balances ----------------------------------------------------------

    def test_a_final_report_becomes_a_statement_with_balances(self):
        self._take_and_read(camt(entry(1, "a"), form="052"))
        self._take_and_read(camt(entry(1, "a"), entry(2, "b"), balances=(10, 13)))
        statement = self._lines().statement_id
        self.assertEqual((statement.balance_start, statement.balance_end_real), (10.0, 13.0))
        self.assertEqual(len(statement.line_ids), 2)
        self.assertTrue(statement.is_valid and statement.is_complete)

    def test_balances_that_do_not_add_up_make_a_note_and_no_statement(self):
        file = self._take_and_read(camt(entry(1, "a"), balances=(10, 13)))
        self.assertEqual(file.new_count, 1)
        self.assertFalse(self._lines().statement_id)
        self.assertTrue(file.note)

    def test_a_missing_day_is_told(self):
        self._take_and_read(camt(entry(1, "a"), balances=(0, 1)))
        later = camt(entry(5, "b", date="2026-11-12"), balances=(90, 95), number="3")
        file = self._take_and_read(later)
        self.assertTrue(file.note)
        self.assertEqual(len(self._lines().statement_id), 2)

    def test_interim_reports_make_no_statement(self):
        self._take_and_read(camt(entry(1, "a"), form="052", balances=(0, 1)))
        self.assertFalse(self._lines().statement_id)

    # -- at once -----------------------------------------------------------

    def test_two_workers_with_one_booking(self):
        """What another worker has booked meanwhile is no error: it is read again."""
        file = self.source._take("a.xml", camt(entry()))
        other = self._take_and_read(camt(entry(), number="2"))
        with (
            patch.object(type(file), "_known", lambda *_args: []),
            self.assertRaises(SerializationFailure),
            self.cr.savepoint(),
            mute_logger("odoo.sql_db"),
        ):
            file._read_files()
        file.invalidate_recordset()
        file._read_now()
        self.assertEqual((other.new_count, file.new_count, file.known_count), (1, 0, 1))

    def test_a_very_large_file_is_taken_in_parts_each_once(self):
        batch = [entry(number, f"Rechnung {number}") for number in range(1, 8)]
        first = self.source._take("a.xml", camt(*batch, balances=(0, 28)))
        second = self.source._take("b.xml", camt(*batch[5:], entry(8), number="2"))
        files = first | second
        with patch.object(payment_source_read, "CHUNK", 3):
            for new, state in ((3, "new"), (6, "new"), (7, "done")):
                files.filtered(lambda file: file.state == "new")._read_files()
                self.assertEqual((first.new_count, first.state), (new, state))
        self.assertEqual((first.known_count, second.new_count, second.known_count), (0, 1, 2))
        self.assertEqual(second.state, "done")
        self.assertEqual(sorted(self._lines().mapped("amount")), [1, 2, 3, 4, 5, 6, 7, 8])
        self.assertEqual(first.line_ids.statement_id.balance_end_real, 28)

    def test_reading_costs_the_same_for_each_line(self):
        """All that is asked per line is core's; ours is per file."""

        def cost(count, start):
            entries = [entry(start + number, f"Rechnung {number}") for number in range(count)]
            file = self.source._take("a.xml", camt(*entries))
            self.env.flush_all()
            before = self.cr.sql_log_count
            with patch.object(type(file), "_create_lines", lambda *_args: self._lines()[:0]):
                file._read_files()
                self.env.flush_all()
            return self.cr.sql_log_count - before

        cost(1, 1)
        self.assertLessEqual(cost(200, 100), cost(2, 1000) + 2)

    # -- rights ------------------------------------------------------------

    def test_who_may_see_what(self):
        file = self._take_and_read(camt(entry()))
        seller = new_test_user(self.env, "source-seller", "sales_team.group_sale_manager")
        clerk = new_test_user(self.env, "source-clerk", "account.group_account_invoice")
        for record in (file, self.source):
            with self.assertRaises(AccessError):
                record.with_user(seller).check_access("read")
            self.assertTrue(record.with_user(clerk).name)
            with self.assertRaises(AccessError):
                record.with_user(clerk).write({"name": "x"})
        with self.assertRaises(AccessError):
            file.with_user(seller).action_retry()
        with self.assertRaises(AccessError):
            file.with_user(seller).action_ignore()
        with self.assertRaises(AccessError):
            self.source.with_user(seller).action_fetch_now()
        with self.assertRaises(AccessError):
            self.env["payment.upload"].with_user(seller).create({})
