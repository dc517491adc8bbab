"""How a file is read and what of it becomes which field of an order: plain data, JSON and back."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from odoo.addons.automation_core.lib.texts import Marker

from ..order import LineKind
from .problems import HINT_MAPPING, MappingProblem

_lt = Marker(__name__)

DecimalRule = Literal["", "comma", "point"]
Layout = Literal["joined", "flat", "nested"]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How the bytes of one file become records.

    ``record_path`` (XML, JSON) leads from the root to the records, ``|`` parts alternatives;
    ``encoding`` "auto" means a byte order mark, else UTF-8, else Windows-1252.
    """

    kind: Literal["csv", "xml", "json"] = "csv"
    encoding: str = "auto"
    delimiter: str = ";"
    quote: str = '"'
    header: bool = True
    record_path: str = ""
    max_bytes: int = 20 * 1024 * 1024
    max_rows: int = 100_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where the value of one field comes from.

    ``paths`` are column names (or paths): the first that has a value counts, or all of them, put
    together with ``joint``. ``fixed`` stands in where the file has nothing. ``decimal``, ``dates``
    overrule the mapping's; ``scale`` multiplies a number ("100" for a rate written 0.19).
    ``optional``: the file may come without these columns.
    """

    paths: tuple[str, ...] = ()
    joint: str = ""
    fixed: str = ""
    decimal: DecimalRule = ""
    dates: tuple[str, ...] = ()
    scale: str = ""
    html: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Cost:
    """A column of the head that is a line of its own: shipping, fees, vouchers.

    With ``sign`` "-" the amount is always taken off, however the file writes it.
    """

    source: Source
    name: str
    kind: LineKind = "shipping"
    sign: Literal["+", "-"] = "+"
    tax_percent: str = ""


@dataclass(frozen=True, slots=True)
class FeedMapping:
    """A whole mapping.

    ``layout``: heads and lines are two files (joined), each row is a line that repeats its head
    (flat), or lines are inside their head at ``lines_path`` (nested). ``fields`` are named as in
    :mod:`.names`. ``prices`` and ``total_prices`` say whether amounts include the tax;
    ``total_of`` whether the total includes the costs (a total of the goods means the tax as the
    lines do). ``check_total`` is what happens to an order whose lines do not add up to it: it stays
    in the inbox, or is imported and held. ``payments`` and ``carriers`` are pairs of a word to look
    for and the code it means, the first that fits counts; ``countries`` pairs of a name and an ISO
    code; ``paid`` the payment codes that mean the money is there.
    """

    layout: Layout = "flat"
    heads: FileFormat = FileFormat()
    lines: FileFormat = FileFormat()
    fields: Mapping[str, Source] = field(default_factory=dict)
    line_key: Source = Source()
    lines_path: str = ""
    costs: tuple[Cost, ...] = ()
    prices: Literal["gross", "net"] = "gross"
    total_of: Literal["order", "goods"] = "order"
    total_prices: Literal["gross", "net"] = "gross"
    check_total: Literal["quarantine", "hold", "off"] = "quarantine"
    tolerance: str = "0"
    decimal: DecimalRule = "comma"
    dates: tuple[str, ...] = ("iso",)
    zone: str = "Europe/Berlin"
    number_prefix: str = ""
    payments: tuple[tuple[str, str], ...] = ()
    paid: tuple[str, ...] = ()
    carriers: tuple[tuple[str, str], ...] = ()
    countries: tuple[tuple[str, str], ...] = ()
    cancelled: tuple[str, ...] = ()


def to_json(mapping: FeedMapping) -> str:
    """Return the mapping as JSON, for a field or a file."""
    return json.dumps(asdict(mapping), ensure_ascii=False, indent=1, sort_keys=True)


def from_json(text: str) -> FeedMapping:
    """Return the mapping in a JSON text.

    :raises MappingProblem: it is none, or has settings nobody knows
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MappingProblem(_lt("The mapping is not valid JSON."), HINT_MAPPING) from error
    mapping = _read(FeedMapping, data, "")
    assert isinstance(mapping, FeedMapping)
    return mapping


def _read(kind: Any, value: Any, path: str) -> Any:
    """Return ``value`` as the type ``kind``, checked at every level."""
    origin, parts = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_class(kind, value, path)
    if origin is Literal:
        return value if isinstance(value, str) and value in parts else _refuse(path)
    if origin in (Union, types.UnionType):
        return _read(parts[0], value, path)
    if origin is tuple:
        return _read_tuple(parts, value, path)
    if origin is Mapping:
        return {
            _read(str, key, path): _read(parts[1], item, f"{path}.{key}")
            for key, item in _checked(dict, value, path).items()
        }
    return _checked(kind, value, path)


def _read_tuple(parts: tuple[Any, ...], value: Any, path: str) -> tuple[Any, ...]:
    items = list(value) if isinstance(value, list | tuple) else _refuse(path)
    if parts[-1] is Ellipsis:
        return tuple(_read(parts[0], item, f"{path}[{i}]") for i, item in enumerate(items))
    if len(items) != len(parts):
        _refuse(path)
    return tuple(_read(part, item, path) for part, item in zip(parts, items, strict=True))


def _read_class(kind: type, value: Any, path: str) -> Any:
    data = _checked(dict, value, path)
    hints = _hints(kind)
    known = {item.name for item in fields(kind)}
    for key in data:
        if key not in known:
            _refuse(f"{path}.{key}".lstrip("."))
    try:
        return kind(
            **{
                key: _read(hints[key], item, f"{path}.{key}".lstrip("."))
                for key, item in data.items()
            }
        )
    except TypeError as error:
        raise MappingProblem(
            _lt("The mapping is not complete at “%(path)s”.", path=path), HINT_MAPPING, path
        ) from error


@lru_cache(maxsize=16)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _checked(kind: type, value: Any, path: str) -> Any:
    wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
    return _refuse(path) if wrong else value


def _refuse(path: str) -> Any:
    raise MappingProblem(
        _lt("The mapping has no valid setting at “%(path)s”.", path=path or "/"),
        HINT_MAPPING,
        path,
    )
