"""Yatego's article and stock file: up to five sections in one file, gzipped.

Sections and columns as Gambio GX 4.8.0.3's own Yatego module writes them: a header line each, ``;``
after every field, CRLF, UTF-8, decimal comma.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.shop_connector.lib.feed.backfiles import amount, one_line
from odoo.addons.shop_connector.lib.order import PayloadError

_lt = Marker(__name__)

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "categories": (
        *("foreign_id_h", "foreign_id_m", "foreign_id_l", "title_h", "title_m", "title_l"),
        "sorting",
    ),
    "variant_sets": ("foreign_id", "vs_title", "variant_set_name", "delitem"),
    "variants": ("variant_set_id", "foreign_id", "title", "price", "delitem"),
    "articles": (
        *("foreign_id", "article_nr", "ean", "title", "tax", "price", "price_uvp", "short_desc"),
        *("long_desc", "units", "url", "picture", "picture2", "picture3", "picture4", "picture5"),
        *("categories", "variants", "stock", "status", "delivery_date", "quantity_unit"),
        *("package_size", "manufacturer", "cross_selling"),
    ),
    "stocks": (
        *("foreign_id", "article_id", "variant_ids", "stock_value", "quantity_unit"),
        *("manufacturer", "package_size", "delivery_date", "active", "article_nr", "price"),
    ),
}
TEXTS: Final = frozenset(
    (
        *("title", "title_h", "title_m", "title_l", "vs_title", "variant_set_name"),
        *("short_desc", "long_desc", "url"),
    )
)
MAX_ID: Final = 30
MAX_TITLE: Final = 255
MAX_SHORT: Final = 130
MIN_LONG: Final = 30
FILE_NAME: Final = "yatego.gz"
HINT: Final = _lt("Correct the article, then it is sent with the next file.")

Row = Mapping[str, str | int | Decimal]


@dataclass(frozen=True, slots=True)
class Sections:
    """What goes into one file; a section without rows is left out.

    The keys of a row are the section's columns; one that is missing stays empty.
    """

    categories: tuple[Row, ...] = ()
    variant_sets: tuple[Row, ...] = ()
    variants: tuple[Row, ...] = ()
    articles: tuple[Row, ...] = ()
    stocks: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A multipart form, ready to be sent. The login is in ``body`` only."""

    content_type: str
    body: bytes

    def __repr__(self) -> str:
        return f"Upload({self.content_type!r}, {len(self.body)} bytes)"


def feed_file(sections: Sections) -> bytes:
    """Return the file, not packed.

    :raises PayloadError: a row has a column its section does not have
    """
    lines: list[str] = []
    for name, columns in SECTIONS.items():
        rows: tuple[Row, ...] = getattr(sections, name)
        if not rows:
            continue
        lines.append(_line(columns))
        for row in rows:
            if unknown := set(row) - set(columns):
                raise PayloadError(
                    _lt(
                        "Yatego's file has no column “%(column)s” in its section %(section)s.",
                        column=sorted(unknown)[0],
                        section=name,
                    )
                )
            lines.append(_line(_cell(column, row.get(column, "")) for column in columns))
    return "".join(lines).encode()


def packed(content: bytes) -> bytes:
    """Return the file gzipped; the same content gives the same bytes."""
    return gzip.compress(content, mtime=0)


def stock_rows(quantities: Iterable[tuple[str, Decimal]]) -> tuple[Row, ...]:
    """Return rows of the stock section for articles without variants: id and figure.

    Yatego reads -1 as unlimited; a negative stock must never become that.
    """
    return tuple(
        {
            "foreign_id": sku,
            "article_id": sku,
            "stock_value": max(quantity, Decimal(0)),
            "active": 1,
            "article_nr": sku,
        }
        for sku, quantity in dict(quantities).items()
    )


def article_problems(row: Row) -> list[Text]:
    """Return in words what Yatego would refuse of an article."""
    name = str(row.get("article_nr") or row.get("foreign_id") or "")
    found: list[Text] = []
    lengths = {key: len(str(row.get(key, ""))) for key in ("foreign_id", "title", "short_desc")}
    if not 0 < lengths["foreign_id"] <= MAX_ID:
        found.append(_lt("Article %(name)s: the number has to have 1 to 30 signs.", name=name))
    if not 0 < lengths["title"] <= MAX_TITLE:
        found.append(_lt("Article %(name)s: the title has to have 1 to 255 signs.", name=name))
    if lengths["short_desc"] > MAX_SHORT:
        found.append(
            _lt("Article %(name)s: the short description has more than 130 signs.", name=name)
        )
    if len(str(row.get("long_desc", ""))) < MIN_LONG:
        found.append(_lt("Article %(name)s: the description has less than 30 signs.", name=name))
    price = row.get("price", 0)
    if not isinstance(price, Decimal | int) or price <= 0:
        found.append(_lt("Article %(name)s has no price.", name=name))
    return found


def upload_form(
    user: str, password: str, sections: Sections, *, delete_missing: bool = False
) -> Upload:
    """Return the form that hands the file to Yatego.

    ``delete_missing`` makes Yatego delete all articles that are not in the file. It is only
    accepted for a file with articles, so that a stock file can never empty the shop. Wiping
    everything first (``delall``) is not offered at all.
    """
    if delete_missing and not sections.articles:
        raise PayloadError(
            _lt("A file without articles would delete all articles at Yatego: it is not sent."),
            _lt("Switch “delete what is missing” off for stock files."),
        )
    fields = {
        "user": user,
        "passwd": password,
        "action": "import_csv",
        "delall": "0",
        "import_mode": "1" if delete_missing else "0",
        "import_pic": "0",
    }
    return _multipart(fields, packed(feed_file(sections)))


def _multipart(fields: Mapping[str, str], content: bytes) -> Upload:
    boundary = "----feed-7b1f0c52e9d84a36"
    while boundary.encode() in content or any(boundary in value for value in fields.values()):
        boundary += "x"
    body = bytearray()
    for name, value in fields.items():
        body += (
            f"--{boundary}\r\nContent-Disposition: form-data; "
            f'name="{name}"\r\n\r\n{value}\r\n'.encode()
        )
    body += (
        f"--{boundary}\r\nContent-Disposition: form-data; "
        f'name="import_file"; filename="{FILE_NAME}"\r\n'
        "Content-Type: application/gzip\r\n\r\n".encode()
    )
    body += content + f"\r\n--{boundary}--\r\n".encode()
    return Upload(f"multipart/form-data; boundary={boundary}", bytes(body))


def _line(cells: Iterable[str]) -> str:
    return "".join(f"{cell};" for cell in cells) + "\r\n"


def _cell(column: str, value: str | int | Decimal) -> str:
    if isinstance(value, Decimal | int):
        return amount(Decimal(value))
    text = one_line(value)
    if column in TEXTS or any(sign in text for sign in ';"'):
        return '"' + text.replace('"', '""') + '"'
    return text
