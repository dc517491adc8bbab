"""From PayPal's rows to bookings of one currency.

- A booking's key is account, transaction id, event code, sign and currency: PayPal's ids are not
  unique. Of payments (T00nn) only the group counts, so that a payment told at once by a webhook and
  its row hours later are one.
- Only what is completed moves money. A pending row is counted, a denied one is nothing. A payment
  that was taken back in full stays booked (taking it back is a row of its own), but pays nothing.
- A payment in another currency counts with what its exchange brought in the journal's currency:
  that leg's key, the payment's everything else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.payment_matching.lib.statement.model import Kind, Statement, StatementLine

from . import const
from .answer import Json, Stored, latest, read_text
from .capture import capture_row
from .rows import Row, count_pending, moves_money, read_rows

_lt = Marker(__name__)

MAX_RAW: Final = 20_000
PATIENCE: Final = timedelta(days=1)  # an exchange waits so long for the payment it belongs to
TAKEN_BACK: Final = _lt("The payment was taken back in full.")


def read_statement(
    stored: Stored,
    currency: str,
    zone: tzinfo | None = None,
    elsewhere: frozenset[str] = frozenset(),
) -> Statement:
    """Return what a stored file says about one currency.

    :param zone: where the books are kept: it decides on which day a booking falls
    :param elsewhere: currencies that are taken by others: they are not missing
    """
    rows, problems = read_rows(stored.pages)
    if captured := capture_row(stored.capture):
        rows = [captured]
    booked = [row for row in rows if moves_money(row)]
    reached = latest([page.refreshed for page in stored.pages])
    reader = _Reader(stored.account, currency, zone, booked, reached)
    lines = sorted(reader.lines(), key=lambda line: (line.date, line.key))
    return Statement(
        account="",  # the source's journal, whatever PayPal calls the account
        currency=currency,
        lines=tuple(lines),
        interim=True,
        start=_day(min(_known(page.start for page in stored.pages), default=None), zone),
        end=_day(latest([page.end for page in stored.pages]), zone),
        pending=count_pending(rows, booked, currency) + reader.waiting,
        problems=(*problems, *reader.foreign(elsewhere)),
    )


# -- bookings --------------------------------------------------------------


class _Reader:
    """Makes bookings of the rows that moved money."""

    def __init__(
        self,
        account: str,
        currency: str,
        zone: tzinfo | None,
        rows: Sequence[Row],
        reached: datetime | None,
    ) -> None:
        self._account = account
        self._currency = currency
        self._zone = zone
        self._rows = rows
        self._reached = reached
        self._origins = _origins(rows, currency)
        self.waiting = 0

    def lines(self) -> Iterable[StatementLine]:
        """Yield the bookings in the journal's currency."""
        for row in self._rows:
            if row.amount.currency != self._currency:
                continue
            origin = self._origins.get(row.identity)
            if origin is not None:
                yield self._exchanged(origin, row)
            elif self._is_early(row):
                self.waiting += 1
            else:
                yield self._line(row)

    def foreign(self, elsewhere: frozenset[str]) -> Iterable[str]:
        """Yield what is not taken because it is in another currency."""
        exchanged = {row.identity for row in self._origins.values()}
        others = Counter(
            row.amount.currency
            for row in self._rows
            if row.amount.currency not in {self._currency, *elsewhere}
            and row.group != "T02"
            and row.identity not in exchanged
        )
        for currency, count in sorted(others.items()):
            yield _lt(
                "%(count)s bookings in %(currency)s are not taken: they belong to a journal and a "
                "source of that currency.",
                count=count,
                currency=currency,
            )

    def _is_early(self, row: Row) -> bool:
        """Whether an exchange came before the payment that it belongs to: both come later."""
        if row.group != "T02" or not row.reference or self._reached is None:
            return False
        if any(other.id == row.reference for other in self._rows):
            return False
        return self._reached - row.when < PATIENCE

    def _line(self, row: Row) -> StatementLine:
        kind, reason = _meaning(row)
        told = read_text(row.info.get("invoice_id"), 127)
        custom = read_text(row.info.get("custom_field"), 256)
        fee = row.fee.value if row.fee and row.fee.currency == self._currency else Decimal(0)
        return StatementLine(
            key=self._key(row),
            date=row.when.astimezone(self._zone or row.when.tzinfo).date(),
            amount=row.amount.value,
            currency=row.amount.currency,
            kind=kind,
            payer_name=_name(row.payer.get("payer_name")),
            payer_account=read_text(row.payer.get("account_id"), 40),
            payer_email=read_text(row.payer.get("email_address"), 254).lower(),
            remittance=_remittance(row.info, custom if told else ""),
            reference_id=row.reference,
            invoice_id=told or custom,
            bank_reference=row.id,
            code=row.code,
            reason=reason,
            fee=fee,
            raw=_as_it_came(row.raw),
        )

    def _exchanged(self, origin: Row, leg: Row) -> StatementLine:
        """Return a booking in another currency with what its exchange brought. Its fee was kept
        before the exchange.
        """
        return replace(
            self._line(origin),
            key=self._key(leg),
            amount=leg.amount.value,
            currency=leg.amount.currency,
            fee=Decimal(0),
            currency_amount=origin.amount.value,
            currency_name=origin.amount.currency,
        )

    def _key(self, row: Row) -> str:
        return ":".join(("paypal", self._account, *row.identity))


def _origins(rows: Sequence[Row], currency: str) -> Mapping[tuple[str, ...], Row]:
    """Return for each exchange into the journal's currency the row that it was made for."""
    foreign = [row for row in rows if row.amount.currency != currency and row.group != "T02"]
    by_id: dict[str, list[Row]] = {}
    for row in foreign:
        for name in filter(None, (row.id, row.reference)):
            by_id.setdefault(name, []).append(row)
    found: dict[tuple[str, ...], Row] = {}
    used: set[tuple[str, ...]] = set()
    for leg in rows:
        if leg.group != "T02" or leg.amount.currency != currency or not leg.reference:
            continue
        for row in by_id.get(leg.reference, ()):
            if row.plus == leg.plus and row.identity not in used:
                found[leg.identity] = row
                used.add(row.identity)
                break
    return found


def _meaning(row: Row) -> tuple[Kind, str]:
    """Return what a row is, and why a payment pays nothing."""
    kind = const.kind_of(row.code)
    if kind != "payment":
        return kind, ""
    if row.status == const.REVERSED:
        return "other", TAKEN_BACK
    return ("payment" if row.status == const.COMPLETED else "other"), ""


def _remittance(info: Json, custom: str) -> str:
    """Return what the payer and the shop wrote, in one line: PayPal breaks none."""
    texts = (
        read_text(info.get("transaction_subject"), 256),
        read_text(info.get("transaction_note"), 2000),
        custom,
    )
    return " | ".join(dict.fromkeys(filter(None, texts)))


def _as_it_came(data: Json) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=1)[:MAX_RAW]
    return text.encode("utf-8", "replace").decode()  # half a character cannot be stored


def _name(value: object) -> str:
    """Return a payer's name; PayPal splits it or not."""
    if not isinstance(value, dict):
        return ""
    whole = read_text(value.get("alternate_full_name")) or read_text(value.get("full_name"))
    parts = ("prefix", "given_name", "middle_name", "surname", "suffix")
    return whole or " ".join(filter(None, (read_text(value.get(part)) for part in parts)))


def _known(moments: Iterable[datetime | None]) -> list[datetime]:
    return [moment.astimezone(UTC) for moment in moments if moment]


def _day(moment: datetime | None, zone: tzinfo | None) -> date | None:
    return moment.astimezone(zone or moment.tzinfo).date() if moment else None
