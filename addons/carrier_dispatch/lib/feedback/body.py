"""Feedback in the words of a mail, by templates like "Auftrag {order} … Sendungsnummer {number}".

A template is no regular expression: its parts are looked for one after the other, so no mail can
make the search take long. Quoted mails and signatures are never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from lxml import etree, html

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.order_automation.lib import plaintext

from . import values
from .model import ColumnMap, FeedbackError, Reading, RowProblem
from .rows import Collector, Row

_lt = Marker(__name__)

MAX_TEXT: Final = 100_000
MAX_FOUND: Final = 500
GAP: Final = 400  # so far apart may two parts of a template be
PLACES: Final = ("dispatch", "delivery", "order", "shop_order", "number", "carrier", "date")
_KEYS: Final = PLACES[:4]
_WORD = r"[A-Za-z0-9](?:[A-Za-z0-9/_.\-]{0,38}[A-Za-z0-9])?"
_FORMS: Final = {
    **dict.fromkeys(_KEYS, _WORD),
    # groups of digits with blanks, or one word; which has a digit somewhere
    "number": r"(?:\d{2,8}(?:[ \u00a0]\d{2,8}){2,8}|(?=[A-Za-z\-]{0,12}\d)[A-Za-z0-9\-]{6,40})",
    "carrier": r"[^\W\d_][\w.\-]{1,30}",
    "date": r"\d{1,4}[.\-/]\d{1,2}[.\-/]\d{2,4}",
}
_PLACE = re.compile(r"\{([a-z_]+)\}")
_GAPS = re.compile(r"\s*(?:…|\.{3,})\s*")
_BETWEEN = r"[\s:#.,=\-–]{0,12}"
# What a mail program puts above the mail it answers.
_QUOTED: Final = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:Ursprüngliche|Original|Weitergeleitete|Forwarded)\b"
    r"|(?:Am|On|Le|Il|El)\s.{5,200}(?:schrieb|wrote|a écrit|ha scritto|escribió).{0,100}:?\s*$"
    r"|_{20,}\s*$)",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"^\s*\*?(?:Von|From)\s*:", re.IGNORECASE)
_SENT: Final = re.compile(r"^\s*\*?(?:Gesendet|Datum|Sent|Date|An|To)\s*:", re.IGNORECASE)
_ANSWERS: Final = re.compile(r"^\s*>")
_SIGNATURE: Final = re.compile(
    r"^\s*(?:--\s*$|_{3,}\s*$|(?:mit\s+)?(?:freundlichen?|besten?|vielen?|herzlichen?|schönen?)\s+"
    r"(?:grüßen?|gruß|gruss|grüssen?)\b|(?:best|kind|warm)?\s*regards\b|sincerely\b|mfg\b"
    r"|viele\s+grüße\b|gesendet\s+von\s+meinem|sent\s+from\s+my)",
    re.IGNORECASE,
)
_QUOTES_IN_HTML: Final = (
    "//blockquote|//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]"
    "|//*[contains(concat(' ', @class, ' '), ' gmail_signature ')]"
    "|//*[contains(concat(' ', @class, ' '), ' moz-cite-prefix ')]"
    "|//*[contains(concat(' ', @class, ' '), ' moz-signature ')]"
    "|//*[@id='divRplyFwdMsg']|//*[@id='divRplyFwdMsg']/following::*"
    "|//*[@id='appendonsend']/following::*|//*[@id='Signature']"
)
_HINT: Final = _lt(
    "A template looks like %(example)s; possible are %(places)s.",
    example="Auftrag {order} … Sendungsnummer {number}",
    places=", ".join(f"{{{name}}}" for name in PLACES),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template in parts, each with the names of what it finds."""

    parts: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=256)
def template(text: str) -> Template:
    """Return a template ready for use.

    :raises FeedbackError: it finds nothing, or has a placeholder that nobody knows
    """
    names = _PLACE.findall(text)
    rest = _PLACE.sub("", text)
    unknown = [name for name in names if name not in PLACES]
    if unknown or "{" in rest or "}" in rest or len(text) > 500:
        name = (unknown or ["{}"])[0][:40]
        raise FeedbackError(_lt("There is no placeholder {%(name)s}.", name=name), _HINT)
    if len(set(names)) != len(names) or not set(names) & set(_KEYS) or "number" not in names:
        raise FeedbackError(
            _lt("The template has to find a delivery and a tracking number, each once."), _HINT
        )
    parts = [part for part in _GAPS.split(text.strip()) if part.strip()]
    if any(not _PLACE.sub("", part).strip(" :#.,-") for part in parts):
        raise FeedbackError(_lt("Each part of the template needs a word of its own."), _HINT)
    return Template(tuple(re.compile(_expression(part), re.IGNORECASE) for part in parts))


def _expression(part: str) -> str:
    """Return the expression of a part: its words with any blanks and signs between them."""
    found = []
    for place, piece in enumerate(_PLACE.split(part)):
        if place % 2:
            found.append(rf"(?P<{piece}>{_FORMS[piece]})(?![A-Za-z0-9])")
        elif words := re.findall(r"\w+|[^\w\s:#.,=\-–]", piece):
            found.append(_BETWEEN.join(map(re.escape, words)))
    return r"(?<!\w)" + _BETWEEN.join(found)


def own_text(text: str, *, is_html: bool = False) -> str:
    """Return what the sender himself wrote: no quoted mails, no signature."""
    plain = _of_html(text[: 10 * MAX_TEXT]) if is_html else text
    written = [line[:2000] for line in plain[:MAX_TEXT].splitlines()]
    lines: list[str] = []
    for place, line in enumerate(written):
        if _ANSWERS.match(line):
            continue
        if _QUOTED.match(line) or _SIGNATURE.match(line) or _is_head(written, place):
            break
        lines.append(line)
    return "\n".join(lines)


def _is_head(lines: Sequence[str], place: int) -> bool:
    """Whether the head of an older mail begins there: who wrote it and, below, when or to whom.

    "On Monday somebody" and "wrote:" may be on two lines.
    """
    pair = " ".join(lines[place : place + 2]).rstrip()
    if pair.endswith(":") and lines[place].strip() and _QUOTED.match(pair):
        return True
    return bool(_FROM.match(lines[place])) and any(
        _SENT.match(line) for line in lines[place + 1 : place + 4]
    )


def _of_html(source: str) -> str:
    try:
        root: Any = html.document_fromstring(source.replace("\x00", ""))
        for element in root.xpath(_QUOTES_IN_HTML):
            if element.getparent() is not None:
                element.drop_tree()
        return plaintext.from_html(etree.tostring(root, encoding="unicode", method="html"))
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        return ""


def read(
    text: str,
    templates: Iterable[str],
    columns: ColumnMap | None = None,
    *,
    is_html: bool = False,
) -> Reading:
    """Return what a mail says; nothing found is an empty reading.

    :param columns: the carrier and the time zone of the shipper
    :raises FeedbackError: a template cannot be used
    """
    columns = columns or ColumnMap({})
    own = own_text(text, is_html=is_html)
    collector = Collector()
    for one in templates:
        for start, found in _found(template(one).parts, own):
            keys: tuple[str, ...] = ()
            line = own.count("\n", 0, start) + 1
            try:
                keys = _keys(found)
                collector.add(_row(line, keys, found, columns))
            except RowProblem as problem:
                collector.blame(line, problem.sentence, keys)
    return collector.reading()


def _keys(found: dict[str, list[str]]) -> tuple[str, ...]:
    words = [values.key(word) for name in _KEYS for word in found.get(name, ())]
    return tuple(dict.fromkeys(words))


def _row(line: int, keys: tuple[str, ...], found: dict[str, list[str]], columns: ColumnMap) -> Row:
    shipped_at = None
    if day := found.get("date"):
        try:
            shipped_at = values.moment(day[0], columns.zone)
        except RowProblem:
            shipped_at = None  # the day is the least of what a mail says
    return Row(
        line=line,
        keys=keys,
        numbers=tuple(dict.fromkeys(map(values.number, found["number"]))),
        carrier=(found.get("carrier") or [columns.carrier])[0],
        shipped_at=shipped_at,
    )


def _found(
    parts: Sequence[re.Pattern[str]], text: str
) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """Yield what the parts find, each behind the one before it and not beyond the next delivery.

    A last part that finds numbers may stand there several times: several parcels.
    """
    first, *rest = parts
    starts = [match for _count, match in zip(range(MAX_FOUND), first.finditer(text), strict=False)]
    for place, start in enumerate(starts):
        end = starts[place + 1].start() if place + 1 < len(starts) else len(text)
        found = {name: [word] for name, word in start.groupdict().items() if word}
        if _behind(rest, text, start.end(), end, found) and "number" in found:
            yield start.start(), found


def _behind(
    parts: Sequence[re.Pattern[str]], text: str, at: int, end: int, found: dict[str, list[str]]
) -> bool:
    """Find the other parts; whether all are there."""
    for part in parts:
        match = part.search(text, at, min(end, at + GAP))
        if match is None:
            return False
        while match is not None:
            for name, word in match.groupdict().items():
                found.setdefault(name, []).append(word)
            at = match.end()
            again = part is parts[-1] and "number" in part.groupindex
            match = part.search(text, at, min(end, at + GAP)) if again else None
    return True
