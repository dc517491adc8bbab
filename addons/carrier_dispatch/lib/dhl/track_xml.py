"""Questions and answers of Parcel DE Tracking: up to twenty parcels per call, XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from odoo.addons.automation_core.lib import errors, safe_xml
from odoo.addons.automation_core.lib.texts import Marker

from .explain import AGAIN, LOGIN_HINT, login_failed, not_readable, text
from .settings import Login
from .track import Event, Tracked, meaning, tracked, when

_lt = Marker(__name__)

_MOST_BYTES: Final = 5 * 1024 * 1024
_NOTHING: Final = "100"  # "no data found"
_SERVICE: Final = "99"
_LOGIN = re.compile(r"login|passw|user|anmeld", re.IGNORECASE)


def question(login: Login, numbers: Sequence[str], language: str = "de") -> str:
    """Return what is asked: login and numbers, as DHL wants them in the address."""
    wanted = {
        "appname": login.user.strip(),
        "password": login.password,
        "request": "d-get-piece-detail",
        "language-code": language,
        "piece-code": ";".join(numbers),
    }
    try:
        return etree.tostring(etree.Element("data", wanted), encoding="unicode")
    except ValueError as error:  # a control character
        raise login_failed() from error


def parse(content: bytes) -> tuple[Tracked, ...]:
    """Return the parcels of an answer; raise where it is none."""
    try:
        root = safe_xml.root(content, max_bytes=_MOST_BYTES)
    except safe_xml.BadXml as error:
        raise not_readable() from error
    if safe_xml.local(root) != "data":
        raise not_readable()
    code = root.get("code", "0").strip()
    if code not in ("0", ""):
        _refuse(code, text(root.get("error")))
        return ()
    return tuple(_pieces(root))


def _refuse(code: str, said: str) -> None:
    """Raise what a code means; nothing known of the numbers is no failure."""
    if code == _NOTHING:
        return
    if _LOGIN.search(said) or code in ("5", "6"):
        raise errors.AuthenticationFailed(
            _lt("DHL's tracking does not accept the login."), LOGIN_HINT
        )
    if code == _SERVICE:
        raise errors.Unavailable(_lt("DHL's tracking is not available."), AGAIN)
    raise errors.Rejected(
        _lt("DHL's tracking refused the question: %(text)s (%(code)s)", text=said, code=code[:20])
    )


def _pieces(root: etree._Element) -> Iterator[Tracked]:
    for piece in root.iterchildren():
        if piece.get("name", "piece-shipment") != "piece-shipment":
            continue
        number = text(piece.get("searched-piece-code") or piece.get("piece-code"), 60)
        if not number:
            continue
        events = [_event(one, "event-") for one in piece.iter() if one.get("name") == "piece-event"]
        if not any(event.state for event in events):
            events.append(_event(piece, ""))
        back = piece.get("ruecksendung", "").strip().lower() in ("true", "1")
        yield tracked(number, events, on_the_way_back=back)


def _event(row: etree._Element, prefix: str) -> Event:
    code = text(row.get("ice"), 10).upper()
    standard = text(row.get("standard-event-code"), 10)
    state = meaning(code, text(row.get("ric"), 10), standard)
    if row.get("delivery-event-flag") == "1":
        state = "delivered"
    said = row.get(f"{prefix}text") or row.get(f"{prefix}status")
    time = row.get("event-timestamp") or row.get("status-timestamp")
    return Event(state, when(time), text(said), text(row.get("event-location"), 100), code)
