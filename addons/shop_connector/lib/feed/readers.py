"""From the bytes of a file to its records. Whatever is wrong with it is a :class:`FileProblem`."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from lxml import etree

from odoo.addons.automation_core.lib.texts import Marker

from . import tree
from .model import FileFormat
from .problems import HINT_FILE, HINT_MAPPING, FileProblem, MappingProblem
from .tree import Tree

_lt = Marker(__name__)

MAX_CELL: Final = 100_000
MAX_COLUMNS: Final = 1_000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read(content: bytes, form: FileFormat) -> list[Tree]:
    """Return the records of a file.

    :raises FileProblem: it is too large, damaged or not of that kind
    """
    if len(content) > form.max_bytes:
        raise FileProblem(
            _lt(
                "The file is too large: %(size)s MB, allowed are %(limit)s MB.",
                size=f"{len(content) / 1024 / 1024:.1f}",
                limit=f"{form.max_bytes / 1024 / 1024:.1f}",
            ),
            _lt("Ask the shop for a shorter period, or raise the limit of the account."),
        )
    rows = {"csv": _csv, "xml": _xml, "json": _json}[form.kind](content, form)
    records: list[Tree] = []
    for row in rows:
        if len(records) >= form.max_rows:
            raise FileProblem(
                _lt("The file has more than %(limit)s rows.", limit=f"{form.max_rows:,}"),
                _lt("Ask the shop for a shorter period, or raise the limit of the account."),
            )
        records.append(row)
    return records


def decode(content: bytes, encoding: str = "auto") -> str:
    """Return the text of a file."""
    if encoding != "auto":
        try:
            return content.decode(
                "utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding
            )
        except (LookupError, UnicodeError) as error:
            raise FileProblem(
                _lt("The file cannot be read in the encoding “%(name)s”.", name=encoding), HINT_FILE
            ) from error
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeError:
        return content.decode("cp1252", errors="replace")


def columns(content: bytes, form: FileFormat) -> list[str]:
    """Return the names of a CSV file's columns, in order; empty for other kinds."""
    if form.kind != "csv":
        return []
    return next(_table(content, form), [])


# -- csv ----------------------------------------------------------------------------


def _csv(content: bytes, form: FileFormat) -> Iterator[Tree]:
    table = _table(content, form)
    names = next(table, [])
    for place, cells in enumerate(table, start=2 if form.header else 1):
        if any(cells[len(names) :]):
            raise FileProblem(
                _lt(
                    "Row %(row)s of the file has %(count)s values, but there are %(columns)s "
                    "columns.",
                    row=place,
                    count=len(cells),
                    columns=len(names),
                ),
                _lt("A delimiter inside a text that is not quoted is usual; check both signs."),
            )
        yield dict(zip_longest(names, cells[: len(names)], fillvalue=""))


def _table(content: bytes, form: FileFormat) -> Iterator[list[str]]:
    """Yield the columns' names, then the rows that are not empty."""
    text = decode(content, form.encoding)
    if text.lstrip()[:1] == "<":
        raise FileProblem(
            _lt("The file is a web page or XML, not a table."),
            _lt("A login page is usual when the user or the password is wrong."),
        )
    if "\0" in text:
        raise FileProblem(_lt("The file is not a text file."), HINT_FILE)
    rows = [row for row in _rows(text, form) if any(cell.strip() for cell in row)]
    if not rows:
        return
    if len(rows[0]) > MAX_COLUMNS:
        raise FileProblem(_lt("The file has too many columns."), HINT_FILE)
    names = _names(rows[0])
    if len(rows[-1]) < len(names) and not text.endswith(("\n", "\r")):
        raise FileProblem(
            _lt("The file ends in the middle of a row."),
            _lt("It was fetched while it was written, or cut off: fetch it again."),
        )
    if form.header:
        yield names
        yield from rows[1:]
    else:
        yield [str(place) for place in range(1, len(rows[0]) + 1)]
        yield from rows


def _rows(text: str, form: FileFormat) -> list[list[str]]:
    """Return all rows. Unescaped quotes inside a text are tolerated as long as no row is swallowed
    by them: a file that would lose rows is refused.
    """
    if len(form.delimiter) != 1 or len(form.quote) > 1 or form.delimiter in "\r\n" + form.quote:
        raise MappingProblem(_lt("Delimiter and quote have to be one sign each."), HINT_MAPPING)
    try:
        try:
            rows = _parsed(text, form, strict=True)
        except csv.Error:
            rows = _parsed(text, form, strict=False)
            if any("\n" in cell or "\r" in cell for row in rows for cell in row):
                raise FileProblem(
                    _lt("A quote in the file is not closed: rows after it would be lost."),
                    _lt("Correct the file; if its texts are not quoted, switch the quote off."),
                ) from None
    except (csv.Error, TypeError) as error:
        raise FileProblem(_lt("The file is not a readable table."), HINT_FILE) from error
    if any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise FileProblem(_lt("The file has an impossibly long value."), HINT_FILE)
    return rows


def _parsed(text: str, form: FileFormat, *, strict: bool) -> list[list[str]]:
    return list(
        csv.reader(
            io.StringIO(text, newline=""),
            delimiter=form.delimiter,
            quotechar=form.quote or None,
            quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
            strict=strict,
        )
    )


def _names(row: list[str]) -> list[str]:
    """Return the header's names: trimmed, the second of the same name with its number."""
    seen: dict[str, int] = {}
    names = []
    while row and not row[-1].strip():
        row = row[:-1]
    for cell in row:
        name = cell.strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


# -- json ---------------------------------------------------------------------------


def _json(content: bytes, form: FileFormat) -> Iterator[Tree]:
    if not content.strip():
        return
    try:
        data: Any = json.loads(decode(content, form.encoding), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FileProblem(_lt("The file is not valid JSON."), HINT_FILE) from error
    tree.check_depth(data)
    yield from _records(data, form)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _records(data: object, form: FileFormat) -> Iterator[Tree]:
    for node in tree.records(data, form.record_path):
        if not isinstance(node, dict):
            raise FileProblem(
                _lt("The file has no records at “%(path)s”.", path=form.record_path or "/"),
                HINT_FILE,
            )
        yield node


# -- xml ----------------------------------------------------------------------------


def _xml(content: bytes, form: FileFormat) -> Iterator[Tree]:
    if not content.strip():
        return
    root = _root(content, form)
    name = etree.QName(root).localname
    data = {name: _element(root, 0)}
    path = form.record_path.strip("/ ") or name
    for node in tree.records(data, path):
        yield node if isinstance(node, dict) else {tree.TEXT: node}


def _root(content: bytes, form: FileFormat) -> etree._Element:
    """Parse without entities, network and document types: no bombs, no foreign files."""
    encoding = None if form.encoding == "auto" else form.encoding
    try:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding=encoding,
        )
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise FileProblem(_lt("The file is not valid XML."), HINT_FILE) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise FileProblem(
            _lt("The file brings a document type of its own; such files are refused."),
            _lt("Ask the sender for plain XML without DOCTYPE."),
        )
    return root


def _element(element: etree._Element, depth: int) -> dict[str, Any] | str:
    """Return an element as a JSON value: namespaces go, repeated children are a list."""
    if depth >= tree.MAX_DEPTH:
        raise FileProblem(_lt("The file is nested too deeply to be a list of orders."), HINT_FILE)
    own: dict[str, Any] = {
        f"@{etree.QName(str(name)).localname}": str(value) for name, value in element.items()
    }
    words = (element.text or "").strip()
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        value = _element(child, depth + 1)
        if name not in own:
            own[name] = value
        elif isinstance(own[name], list):
            own[name].append(value)
        else:
            own[name] = [own[name], value]
    if not own:
        return words
    return {**own, tree.TEXT: words} if words else own
