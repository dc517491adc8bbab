"""Fetch the settlements Amazon has made; they cannot be ordered, only collected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text
from odoo.addons.shop_connector.lib.reader import read_moment

from . import const
from .client import SpApi
from .feeds import download
from .orders import stamp

_lt = Marker(__name__)


PAGE_SIZE: Final = 100
MOST_PAGES: Final = 20


@dataclass(frozen=True, slots=True)
class Report:
    """A settlement that is ready."""

    report_id: str
    document_id: str
    created_at: datetime | None
    start: datetime | None = None
    end: datetime | None = None


class Settlements:
    """Collects settlements."""

    def __init__(self, api: SpApi) -> None:
        self._api = api

    def since(self, moment_: datetime) -> tuple[Report, ...]:
        """Return the settlements made since then; Amazon keeps them for 90 days."""
        found: dict[str, Report] = {}
        params: dict[str, str | int] = {
            "reportTypes": const.SETTLEMENT_REPORT,
            "processingStatuses": "DONE",
            "pageSize": PAGE_SIZE,
            "createdSince": stamp(moment_),
        }
        for _page in range(MOST_PAGES):
            answer = self._api.call(const.GET_REPORTS, params=params)
            for report in _reports(answer):
                found[report.report_id] = report
            token = answer.get("nextToken")
            if not isinstance(token, str) or not token:
                break
            params = {"nextToken": token}
        return tuple(found.values())

    def fetch(self, report: Report) -> bytes:
        """Return a settlement's file."""
        document = self._api.call(
            const.GET_REPORT_DOCUMENT, {"reportDocumentId": report.document_id}
        )
        return download(self._api, document)


def _reports(answer: object) -> Iterator[Report]:
    rows = answer.get("reports") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise errors.InvalidAnswer(
            _lt("Amazon did not answer with a list of settlements."),
            _lt("It is tried again by itself."),
        )
    for row in rows:
        if not isinstance(row, dict) or row.get("processingStatus") != "DONE":
            continue
        number, document = (clean_text(row.get(k), 200) for k in ("reportId", "reportDocumentId"))
        if number and document:
            yield Report(
                number,
                document,
                read_moment(row.get("createdTime")),
                read_moment(row.get("dataStartTime")),
                read_moment(row.get("dataEndTime")),
            )
