"""What the marketplace knows and how it answers. Every request is checked; what is not as
documented is kept in ``violations``.
"""

from __future__ import annotations

import csv
import email.parser
import email.policy
import gzip
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .orders import Order, heads_file, lines_file

FOLDER = "/admin/modules/yatego"
SECTIONS = {
    "foreign_id_h;foreign_id_m;foreign_id_l;title_h;title_m;title_l;sorting;": "categories",
    "foreign_id;vs_title;variant_set_name;delitem;": "variant_sets",
    "variant_set_id;foreign_id;title;price;delitem;": "variants",
    "foreign_id;article_nr;ean;title;tax;price;price_uvp;short_desc;long_desc;units;url;picture;"
    "picture2;picture3;picture4;picture5;categories;variants;stock;status;delivery_date;"
    "quantity_unit;package_size;manufacturer;cross_selling;": "articles",
    "foreign_id;article_id;variant_ids;stock_value;quantity_unit;manufacturer;package_size;"
    "delivery_date;active;article_nr;price;": "stocks",
}
FORM = {"user", "passwd", "action", "delall", "import_mode", "import_pic", "import_file"}


@dataclass
class Fault:
    """What goes wrong with the next requests: error, html, empty, half, hang, drop."""

    kind: str
    times: int = 1
    seconds: float = 5.0


@dataclass
class Reply:
    """What goes back."""

    status: int = 200
    content: bytes = b""
    content_type: str = "text/plain"


Rows = list[dict[str, str]]


@dataclass
class Shop:
    """A merchant."""

    user: str = "muster.yatego.com"
    password: str = "p&ss wörd"
    orders: list[Order] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    uploads: list[dict[str, Rows]] = field(default_factory=list)
    articles: dict[str, dict[str, str]] = field(default_factory=dict)
    stock: dict[str, Decimal] = field(default_factory=dict)
    before_lines: Callable[[], None] | None = None  # happens once, between the two files

    def handle(
        self, method: str, path: str, query: Mapping[str, str], kind: str, body: bytes
    ) -> tuple[Reply, Fault | None]:
        """Answer one request."""
        fault = self._fault()
        if fault and fault.kind == "error":
            return Reply(500, b"Internal Server Error"), fault
        if fault and fault.kind == "html":
            page = b"<html><form action='login.php'></form></html>"
            return Reply(content=page, content_type="text/html"), fault
        if fault and fault.kind == "empty":
            return Reply(), fault
        if (method, path) == ("GET", f"{FOLDER}/orders.php"):
            return Reply(content=self._orders(query)), fault
        if (method, path) == ("POST", f"{FOLDER}/importexport.php"):
            return Reply(content=self._import(kind, body)), fault
        self.violations.append(f"unknown request: {method} {path}")
        return Reply(404), fault

    def _fault(self) -> Fault | None:
        if not self.faults:
            return None
        fault = self.faults[0]
        fault.times -= 1
        if fault.times <= 0:
            self.faults.pop(0)
        return fault

    def _orders(self, query: Mapping[str, str]) -> bytes:
        """Answer ``orders.php``; a wrong login gets nothing at all."""
        if set(query) != {"user", "passwd", "action", "von", "bis"}:
            self.violations.append(f"orders.php with {sorted(query)}")
            return b""
        if (query["user"], query["passwd"]) != (self.user, self.password):
            return b""
        if self.before_lines and query["action"] == "csv_products":
            happens, self.before_lines = self.before_lines, None
            happens()
        chosen = self._between(query["von"], query["bis"])
        self.asked.append((query["action"], query["von"], query["bis"]))
        if query["action"] == "csv_order":
            return heads_file(chosen)
        if query["action"] == "csv_products":
            return lines_file(chosen)
        self.violations.append(f"unknown action {query['action']}")
        return b""

    def _between(self, first: str, last: str) -> list[Order]:
        if first.isdigit() and last.isdigit():
            return [order for order in self.orders if int(first) <= order.number <= int(last)]
        try:
            start, end = _day(first), _day(last)
        except ValueError:
            self.violations.append(f"von/bis are no days: {first} {last}")
            return []
        if end < start:
            self.violations.append(f"von after bis: {first} {last}")
        return [order for order in self.orders if start <= order.ordered.date() <= end]

    def _import(self, kind: str, body: bytes) -> bytes:
        """Answer ``importexport.php``."""
        form = self._form(kind, body)
        if set(form) != FORM or form["action"] != b"import_csv":
            self.violations.append(f"importexport.php with {sorted(form)}")
            return b""
        login = form["user"].decode(), form["passwd"].decode()
        if login != (self.user, self.password):
            return b""
        try:
            sections = self._sections(gzip.decompress(form["import_file"]))
        except (OSError, ValueError, EOFError) as error:
            self.violations.append(f"import_file: {error}")
            return b"error"
        self._take(sections, form)
        return b"ok"

    def _form(self, kind: str, body: bytes) -> dict[str, bytes]:
        """Return a multipart form's fields."""
        policy = email.policy.HTTP
        message = email.parser.BytesParser(policy=policy).parsebytes(
            f"Content-Type: {kind}\r\n\r\n".encode() + body
        )
        found: dict[str, bytes] = {}
        for part in message.iter_parts() if message.is_multipart() else ():
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            found[str(name)] = content if isinstance(content, bytes) else b""
            if name == "import_file" and part.get_filename() != "yatego.gz":
                self.violations.append(f"file name {part.get_filename()}")
        return found

    def _sections(self, content: bytes) -> dict[str, Rows]:
        """Read the file strictly: known headers, a delimiter after each field, CRLF."""
        text = content.decode("utf-8")
        if not text.endswith("\r\n") or "\n" in text.replace("\r\n", ""):
            raise ValueError("lines do not end with CRLF")
        found: dict[str, Rows] = {}
        names: list[str] = []
        rows: Rows = []
        for line in text.removesuffix("\r\n").split("\r\n"):
            if section := SECTIONS.get(line):
                names, rows = line.split(";")[:-1], found.setdefault(section, [])
                continue
            cells = next(csv.reader(io.StringIO(line), delimiter=";"))
            if not names or len(cells) != len(names) + 1 or cells[-1]:
                raise ValueError(f"not a row of its section: {line[:80]}")
            rows.append(dict(zip(names, cells, strict=False)))
        if [name for name in SECTIONS.values() if name in found] != list(found):
            raise ValueError("sections out of order")
        return found

    def _take(self, sections: dict[str, Rows], form: Mapping[str, bytes]) -> None:
        """Do what the file says."""
        self.uploads.append(sections)
        sent = {row["foreign_id"]: row for row in sections.get("articles", [])}
        if form["delall"] == b"1":
            self.articles.clear()
        if form["import_mode"] == b"1":
            self.articles = {key: row for key, row in self.articles.items() if key in sent}
        self.articles |= sent
        for row in sections.get("stocks", []):
            self.stock[row["article_id"]] = Decimal(row["stock_value"].replace(",", "."))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d.%m.%Y").date()
