"""Read the fields of one record through the mapping: typed, or a ``PayloadError`` in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from odoo.addons.automation_core.lib.texts import Marker, Text

from ..order import PayloadError, clean_text
from ..people import squeeze
from ..plain_text import plain_text
from . import tree, values
from .model import DecimalRule, FeedMapping, Source
from .names import COUNTRIES, label
from .problems import HINT_MAPPING, HINT_ORDER, MappingProblem
from .tree import Tree

_lt = Marker(__name__)

EXAMPLES: dict[DecimalRule, str] = {"comma": "1.234,56", "point": "1,234.56"}


class Fields:
    """One record, seen through the mapping. ``name`` is how it is called in messages."""

    __slots__ = ("mapping", "name", "record")

    def __init__(self, record: Tree, mapping: FeedMapping, name: Text) -> None:
        self.record = record
        self.mapping = mapping
        self.name = name

    def fail(self, key: str, problem: Text, hint: str = HINT_ORDER, **more: object) -> PayloadError:
        """Return the error to raise about one of my fields."""
        return PayloadError(problem.filled(name=self.name, **more), hint, self._path(key))

    def has(self, key: str) -> bool:
        """Whether the mapping fills this field."""
        return key in self.mapping.fields

    def text(self, key: str, limit: int = 256) -> str:
        """Return a text on one line; "" when there is none."""
        source = self.mapping.fields.get(key, Source())
        return " ".join(self.of(source, limit).split())

    def lines(self, key: str, limit: int = 10_000) -> str:
        """Return a text that may have several lines."""
        return self.of(self.mapping.fields.get(key, Source()), limit)

    def of(self, source: Source, limit: int) -> str:
        """Return what a source gives, cleaned."""
        parts = [tree.text(self.record, path) for path in source.paths]
        parts = [part for part in parts if part]
        found = source.joint.join(parts) if source.joint else (parts or [""])[0]
        found = found or source.fixed
        return clean_text(plain_text(found) if source.html else found, limit)

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """Return a number; ``default`` where nothing is written."""
        found = self.amount(self.mapping.fields.get(key, Source()), key)
        if found is not None:
            return found
        if default is None:
            raise self.fail(key, _lt("%(name)s has no %(what)s."), what=label(key))
        return default

    def amount(self, source: Source, key: str) -> Decimal | None:
        """Return a source's number, ``None`` where nothing is written."""
        written = next(
            (
                leaf
                for path in source.paths
                for leaf in tree.leaves(self.record, path)
                if str(leaf).strip()
            ),
            None,
        )
        rule = source.decimal or self.mapping.decimal or "comma"
        if written is None:
            # what the mapping itself says has the point, like every setting
            written, rule = source.fixed, "point"
        if written == "":
            return None
        found = values.number(written, rule)
        if found is None:
            raise self.fail(
                key,
                _lt("%(name)s: the %(what)s “%(value)s” is not a number written like %(example)s."),
                what=label(key),
                value=clean_text(written, 40),
                example=EXAMPLES[rule],
            )
        return found * scale(source.scale)

    def moment(self, key: str) -> datetime:
        """Return a time in UTC."""
        written = self.text(key)
        if not written:
            raise self.fail(key, _lt("%(name)s has no %(what)s."), what=label(key))
        formats = self.mapping.fields[key].dates or self.mapping.dates
        found = values.moment(written, formats, zone(self.mapping.zone))
        if found is None:
            raise self.fail(
                key,
                _lt(
                    "%(name)s: the %(what)s “%(value)s” fits none of the mapping's formats: "
                    "%(formats)s."
                ),
                what=label(key),
                value=written[:40],
                formats=", ".join(formats),
            )
        return found

    def country(self, key: str) -> str:
        """Return a country's code; "" where nothing is written."""
        written = self.text(key)
        if re.fullmatch(r"[A-Za-z]{2}", written):
            return written.upper()
        own = {squeeze(name): code for name, code in self.mapping.countries}
        found = own.get(squeeze(written)) or COUNTRIES.get(squeeze(written), "")
        if written and not found:
            raise self.fail(
                key,
                _lt("%(name)s: “%(value)s” is not known as a country."),
                _lt("Add the name with its code to the countries of the mapping, then Retry."),
                value=written[:40],
            )
        return found

    def _path(self, key: str) -> str:
        return " | ".join(self.mapping.fields.get(key, Source()).paths) or key


def coded(written: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the code of the first word found in what the shop wrote, blanks and case aside;
    without one, what it wrote, squeezed.
    """
    plain = squeeze(written)
    return next((code for word, code in pairs if squeeze(word) in plain and plain), plain[:64])


def scale(text: str) -> Decimal:
    """Return a scale of the mapping as number."""
    try:
        factor = Decimal(text or "1")
    except InvalidOperation:
        factor = Decimal("NaN")
    if not factor.is_finite() or abs(factor) > values.MAX_NUMBER:
        raise MappingProblem(
            _lt("The mapping's “%(value)s” is not a number.", value=text[:40]), HINT_MAPPING
        )
    return factor


@lru_cache(maxsize=16)
def zone(name: str) -> tzinfo:
    """Return a time zone of the mapping."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise MappingProblem(
            _lt("“%(zone)s” is not a time zone like Europe/Berlin.", zone=name[:40]), HINT_MAPPING
        ) from error
