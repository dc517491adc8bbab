"""DHL's answers about shipments: a row for each, in the order of the request."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer
from odoo.addons.automation_core.lib.texts import Marker, Text

from .explain import not_readable, text

_lt = Marker(__name__)

Json = dict[str, Any]

_NUMBER = re.compile(r"[0-9A-Za-z]{8,50}")
_GOOD: Final = range(200, 300)
_REFUSED: Final = range(400, 500)
_FIELDS: Final = ("label", "returnLabel", "customsDoc", "codLabel")


@dataclass(frozen=True, slots=True)
class Message:
    """What DHL says of a field: an error stops the shipment, a warning does not."""

    text: str
    field: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A label or a form as a file; ``kind`` is DHL's name of it (``label``, ``customsDoc``...)."""

    kind: str
    content: bytes = field(repr=False)
    format: str = "PDF"

    @property
    def extension(self) -> str:
        """How its file name ends."""
        return "zpl" if self.format == "ZPL2" else "pdf"


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one shipment.

    :param outcome: ``unknown`` where DHL's words do not fit together: a person has to look
    :param number: the number on the label; once there is one, a label exists at DHL
    """

    outcome: Literal["done", "refused", "unknown"]
    status: int
    reference: str = ""
    number: str = ""
    return_number: str = ""
    routing_code: str = ""
    documents: tuple[Document, ...] = ()
    messages: tuple[Message, ...] = ()
    title: str = ""

    @property
    def done(self) -> bool:
        """Whether DHL did what was asked."""
        return self.outcome == "done"

    @property
    def label(self) -> Document | None:
        """The label, if it came."""
        return next((one for one in self.documents if one.kind == "label"), None)

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What DHL says although it did what was asked."""
        return tuple(message for message in self.messages if not message.is_error)

    @property
    def sentence(self) -> Text:
        """Why it was not done, in DHL's words."""
        told = [one for one in self.messages if one.is_error] or list(self.messages)
        texts = dict.fromkeys(one.text for one in told)
        return _lt("DHL refused it: %(text)s", text=" ".join(texts) or self.title or self.status)


def read_created(answer: Answer, references: Sequence[str]) -> tuple[Row, ...]:
    """Return a row for each shipment that should have become a label, in their order.

    :raises errors.InvalidAnswer: not readable, or not a row for each: nobody knows what was made
    """
    rows = _matched(_counted(answer, len(references)), references)
    return tuple(
        row if row.done == bool(row.number) else replace(row, outcome="unknown") for row in rows
    )


def read_validated(answer: Answer, references: Sequence[str]) -> tuple[Row, ...]:
    """Return a row for each shipment of a dry run: no numbers, but perhaps errors."""
    rows = _matched(_counted(answer, len(references)), references)
    return tuple(
        replace(row, outcome="refused")
        if row.done and any(message.is_error for message in row.messages)
        else row
        for row in rows
    )


def read_numbered(answer: Answer, numbers: Sequence[str]) -> tuple[Row, ...]:
    """Return a row for each number that was asked for; without any, all that DHL tells of."""
    if not numbers:
        return tuple(map(_row, _items(answer, needed=False)))
    rows = _counted(answer, len(numbers))
    told = {row.number: row for row in rows if row.number}
    if set(told) == set(numbers):
        return tuple(told[number] for number in numbers)
    return tuple(
        replace(row, number=row.number or number) for row, number in zip(rows, numbers, strict=True)
    )


def _counted(answer: Answer, count: int) -> list[Row]:
    rows = list(map(_row, _items(answer)))
    if len(rows) != count:
        raise errors.InvalidAnswer(
            _lt(
                "DHL answered of %(count)s shipments, but was told of %(told)s.",
                count=len(rows),
                told=count,
            )
        )
    return rows


def has_rows(answer: Answer) -> bool:
    """Whether an answer tells of single shipments."""
    try:
        return bool(_items(answer))
    except errors.InvalidAnswer:
        return False


def _items(answer: Answer, *, needed: bool = True) -> list[Json]:
    data = as_object(answer)
    items = data.get("items")
    if items is None and not needed:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise not_readable()
    return items


def as_object(answer: Answer) -> Json:
    """Return an answer's JSON object."""
    try:
        data = answer.json()
    except errors.InvalidAnswer as error:
        raise not_readable() from error
    if not isinstance(data, dict):
        raise not_readable()
    return data


def _matched(rows: list[Row], references: Sequence[str]) -> tuple[Row, ...]:
    """Rows in the order of the request; DHL's own reference counts more than the place."""
    by_name = {row.reference: row for row in rows if row.reference}
    if len(by_name) == len(rows) and set(by_name) == set(references):
        return tuple(by_name[name] for name in references)
    if any(
        row.reference in references and row.reference != name
        for row, name in zip(rows, references, strict=True)
    ):
        raise errors.InvalidAnswer(_lt("DHL mixed up the shipments in its answer."))
    return tuple(replace(row, reference=name) for row, name in zip(rows, references, strict=True))


def _row(item: Json) -> Row:
    status = item.get("sstatus")
    holder = status if isinstance(status, dict) else {}
    code = _code(holder)
    number = _number(item.get("shipmentNo"))
    documents, lost = _documents(item)
    messages = (*_messages(item), *lost)
    return Row(
        outcome="done" if code in _GOOD else "refused" if code in _REFUSED else "unknown",
        status=code,
        reference=text(item.get("shipmentRefNo"), 50),
        number=number,
        return_number=_number(item.get("returnShipmentNo")),
        routing_code=text(item.get("routingCode"), 35),
        documents=documents,
        messages=messages,
        title=_title(holder),
    )


def _title(holder: Json) -> str:
    words = (text(holder.get("title")), text(holder.get("detail")))
    return " - ".join(dict.fromkeys(filter(None, words)))


def _code(holder: Json) -> int:
    for name in ("statusCode", "status"):
        value = holder.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and 100 <= value < 600:
            return value
    return 0


def _number(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 < value < 10**50 else ""
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else ""


def _messages(item: Json) -> tuple[Message, ...]:
    rows = item.get("validationMessages")
    found = []
    for row in rows[:50] if isinstance(rows, list) else ():
        if isinstance(row, dict) and (said := text(row.get("validationMessage"))):
            state = text(row.get("validationState"), 20).lower()
            found.append(Message(said, text(row.get("property"), 100), state == "error"))
    return tuple(found)


def _documents(item: Json) -> tuple[tuple[Document, ...], tuple[Message, ...]]:
    found: list[Document] = []
    lost: list[Message] = []
    for kind in _FIELDS:
        holder = item.get(kind)
        if not isinstance(holder, dict):
            continue
        document = _document(kind, holder)
        if document:
            found.append(document)
        else:
            lost.append(Message(_lt("A document came damaged: fetch it once more."), kind))
    return tuple(found), tuple(lost)


def _document(kind: str, holder: Json) -> Document | None:
    zpl = holder.get("zpl2")
    if isinstance(zpl, str) and "^XA" in zpl:
        return Document(kind, zpl.encode("utf-8", "replace"), "ZPL2")
    content = unpacked(holder.get("b64"))
    if content.startswith(b"%PDF"):
        return Document(kind, content)
    if b"^XA" in content[:200]:
        return Document(kind, content, "ZPL2")
    return None


def unpacked(value: Any) -> bytes:
    """Return what is in a Base64 text; nothing where it is none."""
    try:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return b""
