"""From stored files to bank statement lines: each booking once, all of a file or nothing."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib.statement.keys import NEAR_DAYS, dedupe
from ..lib.statement.model import Statement, StatementLine
from .payment_source_file import AT_ONCE

BATCH = 20
CHUNK = 500  # lines in one transaction: ten seconds of core's work on an idle machine
MAX_ATTEMPTS = 5
KEY_INDEX = "account_bank_statement_line_payment_key_uniq"


@dataclass(slots=True)
class Reading:
    """A report on its way into a journal: the statements of a file that continue each other, so
    that equal bookings in them are two.
    """

    file: models.BaseModel
    journal: models.BaseModel
    statements: list[Statement]
    lines: tuple[StatementLine, ...]  # with the fees as lines of their own
    fresh: tuple[StatementLine, ...] = ()
    booked: tuple[StatementLine, ...] = ()  # of the fresh ones, in this transaction

    def goes_on_with(self, statement: Statement) -> bool:
        """Whether a statement continues this report; in an archive it may tell the same again."""
        keys = {line.key for line in self.lines}
        same_kind = self.statements[-1].interim == statement.interim
        return same_kind and not any(line.key in keys for line in statement.lines)


class PaymentSourceFile(models.Model):
    _inherit = "payment.source.file"

    @api.model
    def _cron_read_files(self):
        """Read all waiting files. **Commits** per batch."""
        now = fields.Datetime.now()
        self._batch_run(
            Domain("state", "=", "new")
            & (Domain("next_try", "=", False) | Domain("next_try", "<=", now)),
            lambda files: files._read_files(),
            on_error=lambda file, error: file._in_its_language()._read_failed(error),
            size=BATCH,
        )

    def _read_now(self) -> None:
        """Read small files at once, for somebody who waits; the cron takes the others."""
        self._trigger_cron("payment_matching.ir_cron_read_payments")
        small = self.filtered(lambda file: file.state == "new" and file.size <= AT_ONCE)
        self._batch_process(
            small.try_lock_for_update(),
            lambda files: files._read_files(),
            lambda file, error: file._in_its_language()._read_failed(error),
        )

    def _read_files(self) -> None:
        """Turn these files into bank statement lines."""
        for company, files in self.grouped("company_id").items():
            files = files.with_company(company)._in_its_language()
            files._book(list(files._readings()))
        self._raise_unreadable()

    # -- what they say -----------------------------------------------------

    def _readings(self) -> Iterator[Reading]:
        """Yield what the readable files say; a file that is not is marked."""
        for file in self:
            try:
                found = file._parsed()
            except AutomationError as error:
                file._put_aside(error)
            else:
                yield from found

    def _parsed(self) -> list[Reading]:
        """Return the statements of a file with their journals.

        :raises AutomationError: it is not readable, or not ours
        """
        content = base64.b64decode(self.with_context(bin_size=False).content or b"")
        statements = self.source_id._source_read(self.name, content)
        journals = self.source_id._statement_journals(statements)
        self.note = self.source_id._learn_account(statements, journals)
        readings: list[Reading] = []
        for journal, statement in zip(journals, statements, strict=True):
            lines = tuple(_with_fees(statement.lines))
            last = next((one for one in reversed(readings) if one.journal == journal), None)
            if last and last.goes_on_with(statement):
                last.statements.append(statement)
                last.lines += lines
            else:
                readings.append(Reading(self, journal, [statement], lines))
        return readings

    # -- into the books ----------------------------------------------------

    def _book(self, readings: list[Reading]) -> None:
        """Create the lines that are new, as many as one transaction may hold, and note what became
        of each file. What is left over is taken by the next run: the lines that are there are
        known then.
        """
        lines = self.env["account.bank.statement.line"]
        self._find_fresh(readings)
        room = CHUNK
        for reading in readings:
            reading.booked = reading.fresh[:room]
            room -= len(reading.booked)
        created = self._create_lines(
            [
                lines._payment_vals(line, reading.journal, reading.file)
                for reading in readings
                for line in reading.booked
            ]
        )
        self._note_progress(readings)
        if any(line.match_state == "waiting" for line in created):
            self._trigger_cron("payment_matching.ir_cron_match")

    def _note_progress(self, readings: list[Reading]) -> None:
        """Finish the files that are booked; have the others taken up again."""
        waiting = self.filtered(lambda file: file.state == "new")
        for file in waiting:
            own = [reading for reading in readings if reading.file == file]
            file.new_count += sum(len(reading.booked) for reading in own)
            if all(len(reading.booked) == len(reading.fresh) for reading in own):
                file._note_done(own)
            else:
                self._trigger_cron("payment_matching.ir_cron_read_payments")
        waiting._register_success()

    def _find_fresh(self, readings: list[Reading]) -> None:
        """Tell the bookings that are new from those that are in the journal already."""
        journals = {reading.journal for reading in readings}
        for journal in journals:
            own = [reading for reading in readings if reading.journal == journal]
            known = self._known(journal, [line for reading in own for line in reading.lines])
            for reading in own:
                reading.fresh = dedupe(known, reading.lines)
                known += reading.fresh

    @api.model
    def _known(self, journal, reported: list[StatementLine]) -> list[StatementLine]:
        """Return the lines of a journal that a report may speak of."""
        if not reported:
            return []
        dates: list[date] = [line.date for line in reported]
        near = timedelta(days=NEAR_DAYS)
        domain = Domain("journal_id", "=", journal.id) & (
            Domain("payment_key", "in", [line.key for line in reported])
            | (Domain("date", ">=", min(dates) - near) & Domain("date", "<=", max(dates) + near))
        )
        return self.env["account.bank.statement.line"].search(domain)._payment_reported()

    def _create_lines(self, vals: list[dict]):
        lines = self.env["account.bank.statement.line"]
        try:
            created = lines.create(vals)
            created.flush_recordset(["payment_key"])
        except UniqueViolation as error:
            if error.diag.constraint_name != KEY_INDEX:
                raise
            # another worker has booked the same meanwhile: only a new transaction can see it
            raise SerializationFailure(str(error)) from error
        return created

    # -- what became of it -------------------------------------------------

    def _note_done(self, readings: list[Reading]) -> None:
        total = sum(len(reading.lines) for reading in readings)
        source = self.source_id
        said, pending = [self.note or ""], 0
        for reading in readings:
            for statement in reading.statements:
                pending += statement.pending
                said += [source._readable(text) for text in statement.problems]
                said.append(source._make_checkpoint(reading.journal, statement))
        self.write(
            {
                "state": "done",
                "known_count": total - self.new_count,
                "pending_count": pending,
                "note": "\n".join(filter(None, said)) or False,
            }
        )

    def _read_failed(self, error: Exception) -> None:
        """Note that a file could not be taken."""
        self._put_aside(error)
        self._raise_unreadable()

    def _put_aside(self, error: Exception) -> None:
        """Put a file aside that cannot be taken; what may pass is tried again first."""
        self._register_failure(error)
        refused = isinstance(error, (AutomationError, UserError))
        if refused or self.attempts >= MAX_ATTEMPTS:
            self.write({"state": "failed", "next_try": False})

    def _error_sentence(self, error: Exception) -> str:
        """Override of `automation_core` to keep the source's secrets out of what is shown."""
        return self.source_id._readable(super()._error_sentence(error))


def _with_fees(lines: tuple[StatementLine, ...]) -> Iterator[StatementLine]:
    """Yield lines, and after each the fee that was kept of it as a line of its own."""
    for line in lines:
        yield line
        if line.fee:
            yield replace(
                line,
                key=f"{line.key}/fee",
                amount=line.fee,
                fee=line.fee * 0,
                kind="fee",
                batch="",
                batch_amount=None,
                currency_amount=None,
                currency_name="",
                remittance="",
                reference_id=line.bank_reference,
                raw="",
            )
