"""Settlements in the form all channels share: collected, read, and checked to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from odoo.addons.shop_connector.lib.channel import Cursor
from odoo.addons.shop_connector.lib.reader import read_moment
from odoo.addons.shop_connector.lib.settlement import SettlementFile, SettlementPage

from .client import SpApi
from .orders import stamp
from .reports import Report, Settlements
from .settlement import SettlementError, read_settlement

KEPT: Final = timedelta(days=89)  # Amazon keeps settlements for 90 days
OVERLAP: Final = timedelta(days=2)  # a report may show up later than it was made
PAGE: Final = 5  # files per page: they can only be fetched slowly


class SettlementFetcher:
    """Fetches some settlements per call."""

    def __init__(self, api: SpApi) -> None:
        self._api = api
        self._reports = Settlements(api)

    def page(self, cursor: Cursor) -> SettlementPage:
        """Return the settlements that are new since the cursor, oldest first."""
        known = cursor.get("known")
        done = {str(number) for number in known} if isinstance(known, list) else set()
        since = self._since(cursor)
        ready = sorted(self._reports.since(since), key=_made)
        new = [report for report in ready if report.report_id not in done]
        files = tuple(self._file(report) for report in new[:PAGE])
        done |= {report.report_id for report in new[:PAGE]}
        more = len(new) > PAGE
        state = {
            "since": stamp(since if more else self._next(since, ready)),
            "known": sorted(done & {report.report_id for report in ready}),
        }
        return SettlementPage(files, state, more)

    def _since(self, cursor: Cursor) -> datetime:
        earliest = datetime.fromtimestamp(self._api.now(), UTC) - KEPT
        return max(read_moment(cursor.get("since")) or earliest, earliest)

    @staticmethod
    def _next(since: datetime, ready: Sequence[Report]) -> datetime:
        """Return from when to ask next time: a little before the newest that was seen."""
        times = [report.created_at for report in ready if report.created_at]
        return max([since, *(found - OVERLAP for found in times)])

    def _file(self, report: Report) -> SettlementFile:
        content = self._reports.fetch(report)
        name = f"amazon-settlement-{report.report_id}.txt"
        try:
            settlement = read_settlement(content)
        except SettlementError as error:
            return SettlementFile(
                report.report_id, name, content, problem=error.message, hint=error.hint
            )
        return SettlementFile(report.report_id, name, content, settlement)


def _made(report: Report) -> tuple[str, str]:
    return (stamp(report.created_at) if report.created_at else "", report.report_id)
