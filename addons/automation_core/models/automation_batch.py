import logging
from collections.abc import Callable

from odoo import models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

MAX_CONFLICTS = 5


class AutomationBatch(models.AbstractModel):
    """Work through many records in locked batches that several workers share safely.

    A batch is claimed with ``SKIP LOCKED``, handed to the step as one recordset and committed as a
    whole. When the step fails the batch is halved until the record that fails stands alone; the
    others are done all the same. A process that dies in between loses its uncommitted batch and its
    locks, so the next run takes it again.
    """

    _name = "automation.batch"
    _description = "Batch runner"

    def _batch_run(
        self,
        domain,
        step: Callable[[models.BaseModel], None],
        *,
        on_error: Callable[[models.BaseModel, Exception], None],
        size: int = 100,
    ) -> bool:
        """Call ``step`` with batches of the records in ``domain``, in the order of their ids.
        **Commits.**

        Only ``_cron_*`` methods may call this. ``step`` has to take its records out of ``domain``;
        each record is offered once per call in any case. ``on_error(record, exception)`` runs in
        the batch's transaction, after the failed attempt was rolled back, and has to put the record
        off (see ``automation.retry.mixin``).

        :return: whether everything claimable was offered; ``False`` when the time of the cron was
            up
        """
        last_id, conflicts = 0, 0
        while True:
            limit = max(1, size >> conflicts)
            try:
                batch = self._batch_claim(Domain(domain) & Domain("id", ">", last_id), limit)
                ids = batch.ids
                done = self._batch_process(batch, step, on_error) if ids else 0
                time_left = self.env["ir.cron"]._commit_progress(done, remaining=len(ids) == limit)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # the snapshot is stale: only a new transaction can see what the other one did
                self.env.cr.rollback()
                conflicts += 1
                if conflicts <= MAX_CONFLICTS:
                    continue
                _logger.info(
                    "%s after id %s: still contended, left for the next run", self._name, last_id
                )
                return False
            if len(ids) < limit and not conflicts:
                return True
            if not ids:
                return True
            last_id, conflicts = ids[-1], 0
            if not time_left:
                return False

    def _batch_claim(self, domain, limit: int):
        """Lock and return up to ``limit`` records of ``domain`` that no other transaction holds."""
        query = self._search(domain, order="id", limit=limit)
        rows = self.env.execute_query(
            SQL(
                "%s FOR NO KEY UPDATE OF %s SKIP LOCKED",
                query.select(),
                SQL.identifier(self._table),
            )
        )
        return self.browse(row[0] for row in rows)

    def _batch_process(self, records, step, on_error) -> int:
        """Run ``step`` in a savepoint, halving on failure; return how many succeeded."""
        try:
            with self.env.cr.savepoint():
                step(records)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(records) == 1:
                # the traceback is for the log, the sentence for the record
                _logger.warning("%s %s: %s", self._name, records.id, error, exc_info=True)
                on_error(records, error)
                return 0
            middle = len(records) // 2
            return self._batch_process(records[:middle], step, on_error) + self._batch_process(
                records[middle:], step, on_error
            )
        return len(records)

    def _commit_written(self, write: Callable[[], object], tries: int = MAX_CONFLICTS) -> None:
        """Call ``write`` and commit. What somebody outside has answered is not lost because another
        transaction wrote meanwhile: it is written again in a new one. **Commits.**
        """
        for attempt in range(1, tries + 1):
            try:
                write()
                self.env["ir.cron"]._commit_progress()
                return
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                if attempt == tries:
                    raise

    def _in_its_language(self):
        """Return records of one company in its language: in a cron nobody's own could be used."""
        return self.with_context(lang=self.company_id.partner_id.lang or self.env.lang)

    def _trigger_cron(self, xmlid: str) -> None:
        """Wake the cron once when the current transaction is committed."""
        pending = self.env.cr.precommit.data.setdefault("automation_crons", set())
        if xmlid in pending:
            return
        pending.add(xmlid)

        def trigger():
            pending.discard(xmlid)
            # sudo: whoever caused the work need not be allowed to see scheduled actions
            if cron := self.env.ref(xmlid, raise_if_not_found=False):
                cron.sudo()._trigger()

        self.env.cr.precommit.add(trigger)
