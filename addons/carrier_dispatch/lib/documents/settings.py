"""How a shipper wants his documents: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .address import Limits

RowsOf = Literal["item", "parcel"]
Quoting = Literal["minimal", "all", "none"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What all formats share. ``buyer`` and ``supplier`` are our and the shipper's own ids.

    ``embed`` puts the order's files into an XML document. ``wrapped`` writes openTRANS inside an
    OPENTRANS element.
    """

    buyer: str = "SHOP"
    supplier: str = "FULFILLER"
    zone: str = "Europe/Berlin"
    encoding: str = "UTF-8"
    limits: Limits = field(default_factory=Limits)
    embed: bool = False
    wrapped: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a field by its name (:data:`.fields.FIELDS`), else the same text in every row."""

    title: str
    field: str = ""
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How a table is written. ``date`` is a format of strftime; ``yes`` and ``no`` stand for
    whether parts may go before the rest.
    """

    columns: tuple[Column, ...]
    rows: RowsOf = "item"
    delimiter: str = ";"
    quote: str = '"'
    quoting: Quoting = "minimal"
    header: bool = True
    mark: bool = False  # byte order mark, for spreadsheet programs
    line_end: str = "\r\n"
    decimal: str = ","
    date: str = "%d.%m.%Y"
    yes: str = "1"
    no: str = "0"
