"""Where a parcel is, in words that do not depend on which of DHL's two services was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from .explain import text

State = Literal["announced", "transit", "delivery", "delivered", "returned", "failed", "unknown"]

FINAL: Final[frozenset[State]] = frozenset(("delivered", "returned"))
_ZONE: Final = ZoneInfo("Europe/Berlin")
_FORMATS: Final = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y")

# What an event (ICE) means; what is missing says nothing of where the parcel is. Our own choice
# out of DHL's list: one that is not needed to tell a buyer or a clerk something is left out.
_EVENTS: Final[dict[str, State]] = {
    **dict.fromkeys(("PARCV", "PURCR", "DTNPC", "NTPUP"), "announced"),
    **dict.fromkeys(("PCKDU", "SHRCU", "SRTED", "LDTHU", "LDTMV", "ASMVT"), "transit"),
    **dict.fromkeys(("MVDPT", "MVARR", "ULFMV", "INFCL", "FWDCF", "OFWRD"), "transit"),
    **dict.fromkeys(("ICPRC", "ITBAR", "RSDCP", "HLDCP", "HLDCU", "TRBCR"), "transit"),
    **dict.fromkeys(("HNDDE", "HNDND", "MSRTD", "RELBL", "REPCK", "ROUCR"), "transit"),
    **dict.fromkeys(("CNRFC", "HLDCC", "NTDEL"), "delivery"),
    "DLVRD": "delivered",
    "RETRN": "returned",
    **dict.fromkeys(("DLVRF", "DSPSD", "CNFSC", "CANCL", "RCCLS"), "failed"),
}
# the same, where only the reason (RIC) tells
_REASONS: Final[dict[tuple[str, str], State]] = {
    ("OFWRD", "RTSCR"): "returned",
    ("OFWRD", "RTSSA"): "returned",
    ("EXPHD", "LOSTX"): "failed",
    ("LDTMV", "PCKST"): "delivery",
    ("LDTMV", "SECDA"): "delivery",
    ("LDTMV", "SERPT"): "delivery",
    **dict.fromkeys(
        [("NTDEL", reason) for reason in ("RFUSD", "NTORD", "BDADD", "MOVED")], "failed"
    ),
    **dict.fromkeys([("NTDEL", reason) for reason in ("CPUNK", "DMGED", "UDLVR")], "failed"),
}
# the coarser code (standard event), for events we have never seen
_STANDARD: Final[dict[str, State]] = {
    "VA": "announced",
    **dict.fromkeys(("AE", "ES", "AA", "EE", "NB", "ZO"), "transit"),
    **dict.fromkeys(("PO", "ZF", "LA", "ZN"), "delivery"),
    "ZU": "delivered",
}
# a tour vehicle is loaded everywhere; in the area of delivery it is the last one
_LAST_VEHICLE: Final = ("LDTMV", "PO")
_WITHDRAWN: Final = "STORN"  # the event before was a mistake of the driver


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a parcel; ``state`` is None where it says nothing of that."""

    state: State | None
    time: datetime | None  # UTC
    text: str = ""
    place: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """Where a parcel is, and since when."""

    number: str
    state: State
    time: datetime | None = None
    text: str = ""
    place: str = ""
    events: tuple[Event, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in FINAL


def meaning(event: str, reason: str = "", standard: str = "") -> State | None:
    """Return what DHL's codes mean; None where they say nothing of where a parcel is."""
    event, reason, standard = (code.strip().upper() for code in (event, reason, standard))
    if known := _REASONS.get((event, reason)):
        return known
    if (event, standard) == _LAST_VEHICLE:
        return "delivery"
    if event in _EVENTS:
        return _EVENTS[event]
    return None if event and standard in ("BV", "DD") else _STANDARD.get(standard)


def tracked(number: str, events: Sequence[Event], *, on_the_way_back: bool = False) -> Tracked:
    """Return where a parcel is after its events, in any order.

    :param on_the_way_back: DHL says that it goes back to its sender
    """
    told = _in_order(events)
    last = next((event for event in reversed(told) if event.state), None)
    if last is None:
        newest = told[-1] if told else Event(None, None)
        return Tracked(number, "unknown", newest.time, newest.text, newest.place, told)
    state: State = last.state or "unknown"
    if state == "delivered" and (on_the_way_back or _went_back(told)):
        state = "returned"
    newest = told[-1] if told[-1].time else last
    shown = last if state in FINAL else newest
    return Tracked(number, state, last.time, shown.text, shown.place, told)


def _in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """By time, those without one first, without what was taken back."""
    early = datetime.min.replace(tzinfo=UTC)
    found: list[Event] = []
    for event in sorted(events, key=lambda one: one.time or early):
        if event.code == _WITHDRAWN:
            del found[-1:]
        else:
            found.append(event)
    return tuple(found)


def _went_back(events: Sequence[Event]) -> bool:
    """Whether it was sent back before it was delivered: then its sender has it."""
    return any(event.state == "returned" for event in events)


def when(value: object) -> datetime | None:
    """Return a time of DHL's in UTC; without a zone it is German time."""
    said = text(value, 40)
    found = _iso(said)
    for form in _FORMATS:
        if found is None:
            try:
                found = datetime.strptime(said, form).replace(tzinfo=_ZONE)
            except ValueError:
                continue
    try:
        return found.astimezone(UTC) if found else None
    except (OverflowError, ValueError):
        return None


def _iso(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=_ZONE)
