"""What shops answer to stock figures: stored at once, summed up for the monitor at the end."""

import json
from datetime import timedelta

from odoo import fields

from ..lib.outbox import StockChange, StockOutcome, StockReply

TRIES = 10
EXAMPLES = 10
REFUSED = "shop:stock_refused"
ANSWER = """
    UPDATE shop_listing l
       SET reported = CASE WHEN a.ok THEN a.quantity ELSE l.reported END,
           reported_state = CASE WHEN a.ok THEN a.state ELSE l.reported_state END,
           reported_at = CASE WHEN a.ok THEN %(now)s ELSE l.reported_at END,
           pending = CASE WHEN a.ok
                          THEN l.wanted_state IS NOT NULL AND
                               (l.wanted, l.wanted_state) IS DISTINCT FROM (a.quantity, a.state)
                          ELSE l.pending END,
           urgent = l.urgent IS TRUE AND (NOT a.ok OR
                    (l.wanted, l.wanted_state) IS DISTINCT FROM (a.quantity, a.state)),
           drift = l.drift IS TRUE AND NOT a.ok,
           refused = NOT a.ok AND NOT a.passing,
           attempts = CASE WHEN a.ok THEN 0 ELSE COALESCE(l.attempts, 0) + 1 END,
           next_try = CASE WHEN a.ok THEN NULL
                           WHEN a.passing
                           THEN %(now)s + (ARRAY[1, 5, 15, 60, 240])
                                          [LEAST(COALESCE(l.attempts, 0) + 1, 5)]
                                        * INTERVAL '1 minute'
                           ELSE %(now)s + INTERVAL '1 day' END,
           last_error = NULLIF(a.text, ''),
           hint = NULLIF(a.hint, ''),
           extra = COALESCE(a.extra, l.extra),
           job_id = NULL
      FROM JSONB_TO_RECORDSET(%(rows)s::jsonb) AS a
           (id int, ok boolean, passing boolean, quantity int, state text, text text, hint text,
            extra jsonb)
     WHERE l.id = a.id
"""
AT_WORK = """
    UPDATE shop_listing l
       SET job_id = %(job)s, sent = a.quantity, sent_state = a.state
      FROM JSONB_TO_RECORDSET(%(rows)s::jsonb) AS a (id int, quantity int, state text)
     WHERE l.id = a.id
"""


class Tally:
    """The answers of one run for one account."""

    def __init__(self, account) -> None:
        self.account = account
        self.env = account.env
        self.told = 0
        self.failed = 0
        self.refused = 0
        self.examples: list[str] = []

    # -- answers -----------------------------------------------------------

    def store(self, reply: StockReply, told: dict[int, StockChange]) -> None:
        """Store one answer of the shop about the figures ``told``. **Commits**."""
        rows = [
            self._row(outcome, told[outcome.listing_id])
            for outcome in reply.outcomes
            if outcome.listing_id in told
        ]
        at_work = [told[id_] for id_ in reply.job_listings if reply.job and id_ in told]
        self._commit(lambda: self._write(rows, at_work, reply))
        self._count(rows)

    def unanswered(self, left: dict[int, StockChange]) -> None:
        """Put figures off that the shop said nothing about. **Commits**."""
        text = self.env._("The shop said nothing about this article.")
        outcomes = tuple(StockOutcome(id_, False, text, passing=True) for id_ in left)
        if outcomes:
            self.store(StockReply(outcomes), left)

    def job_reply(self, job, reply: StockReply) -> None:
        """Store what a shop says about figures it was working on. **Commits**."""
        told = self._read_job(job)
        if not reply.job:
            self.store(reply, told)
            answered = {outcome.listing_id for outcome in reply.outcomes}
            self.unanswered({id_: row for id_, row in told.items() if id_ not in answered})
            self._commit(lambda: job.unlink())
            return
        self.store(StockReply(reply.outcomes), told)
        wait = timedelta(seconds=reply.wait)
        vals = {"job": dict(reply.job), "next_ask": fields.Datetime.now() + wait}
        self._commit(lambda: job.write(vals))

    def give_up(self, job) -> None:
        """Forget a job the shop never finished: its figures are told again. **Commits**."""
        self.unanswered(self._read_job(job))
        self._commit(lambda: job.unlink())

    def _read_job(self, job) -> dict[int, StockChange]:
        self.env.cr.execute(
            "SELECT id, sku, sent, sent_state FROM shop_listing WHERE job_id = %s", (job.id,)
        )
        return {row[0]: StockChange(*row) for row in self.env.cr.fetchall()}

    # -- writing -----------------------------------------------------------

    def _row(self, outcome: StockOutcome, change: StockChange) -> dict:
        readable = self.account._readable
        return {
            "id": outcome.listing_id,
            "sku": change.sku,
            "ok": outcome.ok,
            "passing": outcome.passing,
            "quantity": change.quantity,
            "state": change.availability,
            "text": "" if outcome.ok else readable(outcome.text) or "?",
            "hint": "" if outcome.ok else readable(outcome.hint),
            "extra": None if outcome.extra is None else dict(outcome.extra),
        }

    def _write(self, rows: list[dict], at_work: list[StockChange], reply: StockReply) -> None:
        if rows:
            values = {"rows": json.dumps(rows), "now": fields.Datetime.now()}
            self.env.cr.execute(ANSWER, values)
        if at_work:
            job = self.env["shop.stock.job"].create(
                {
                    "account_id": self.account.id,
                    "job": dict(reply.job),
                    "next_ask": fields.Datetime.now() + timedelta(seconds=reply.wait),
                }
            )
            self.env.flush_all()
            waiting = [
                {"id": row.listing_id, "quantity": row.quantity, "state": row.availability}
                for row in at_work
            ]
            self.env.cr.execute(AT_WORK, {"job": job.id, "rows": json.dumps(waiting)})
        self.env["shop.listing"].invalidate_model()

    def _commit(self, write) -> None:
        """Write and commit; an answer in hand is not lost because somebody else wrote meanwhile."""
        self.env["automation.batch"]._commit_written(write, TRIES)

    # -- summing up --------------------------------------------------------

    def _count(self, rows: list[dict]) -> None:
        for row in rows:
            self.told += row["ok"]
            self.failed += not row["ok"]
            self.refused += not row["ok"] and not row["passing"]
            if len(self.examples) < EXAMPLES:
                self.examples.append(
                    f"{row['sku']}: {row['quantity'] if row['ok'] else row['text']}"
                )

    def close(self) -> None:
        """Leave one line in the monitor, and one case for all that was refused."""
        if not self.told and not self.failed:
            return
        text = self.env._(
            "%(told)s quantities told, %(failed)s failed\n%(examples)s",
            told=self.told,
            failed=self.failed,
            examples="\n".join(self.examples),
        )
        self.env["shop.message"]._note(
            self.account, "stock", "failed" if self.refused else "sent", text
        )
        self._raise_refused()

    def _raise_refused(self) -> None:
        cases = self.env["automation.case"]
        refused = self.env["shop.listing"].search(
            [("account_id", "=", self.account.id), ("refused", "=", True)], limit=EXAMPLES
        )
        if not refused:
            cases._settle(self.account, codes=[REFUSED])
            return
        lines = [f"{row.sku}: {row.last_error} {row.hint or ''}".strip() for row in refused]
        explanation = self.env._(
            "Offers with quantities the shop does not take, the first of them:\n%(lines)s\nMend"
            " them, then press “Tell again” in the list of offers.",
            lines="\n".join(lines),
        )
        name = self.env._("The shop “%s” refuses quantities", self.account.name)
        cases._raise(
            [
                {
                    "record": self.account,
                    "code": REFUSED,
                    "kind": "data",
                    "blocking": False,
                    "name": name,
                    "explanation": explanation,
                }
            ]
        )
