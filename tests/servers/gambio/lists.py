"""How the shop lists records: pages, order, fields and links."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .wire import Json, Reply, Request, ShopError

if TYPE_CHECKING:
    from .shop import Shop


def check_words(shop: Shop, request: Request, allowed: set[str]) -> None:
    """Note words of the query that are not documented."""
    for word in sorted(set(request.query) - allowed):
        shop.violations.append(f"{request.method} {request.path} does not know {word!r}")


def number_of(request: Request, word: str, default: int) -> int:
    """Return a number of the query; anything below one is one."""
    try:
        return max(1, int(request.query.get(word, default)))
    except ValueError:
        return default


def page_of(rows: list[Json], request: Request) -> tuple[list[Json], int, int, int]:
    """Return a page of rows, its number, its size and how many pages there are."""
    size, page = number_of(request, "per_page", 50), number_of(request, "page", 1)
    return rows[(page - 1) * size : page * size], page, size, -(-len(rows) // size)


def _sorted(rows: list[Json], request: Request) -> list[Json]:
    for word in reversed(request.query.get("sort", "").split(",")[:5]):
        key = word.lstrip("+- ")
        if word and rows and key not in rows[0]:
            raise ShopError(500, f"Undefined index: {key}", 0)
        if word:
            places = sorted(
                range(len(rows)), key=[str(row[key]).zfill(20) for row in rows].__getitem__
            )
            rows = [rows[place] for place in (places[::-1] if word[0] == "-" else places)]
    return rows


def slim(rows: list[Json], request: Request) -> list[Json]:
    """Return rows with the wanted keys only."""
    if "disable_links" in request.query:
        rows = [{key: row[key] for key in row if key != "_links"} for row in rows]
    wanted = set(request.query.get("fields", "").split(",")) - {""}
    return (
        [{key: row[key] for key in row if key in wanted | {"_links"}} for row in rows]
        if wanted
        else rows
    )


def _links(request: Request, page: int, pages: int) -> list[tuple[str, str]]:
    """The ``Link`` headers, one line each, with the address the shop believes to have."""
    goals = {"first": 1, "previous": page - 1} if page > 1 else {}
    if page < pages:
        goals |= {"next": page + 1, "last": pages}
    base = f"http://shop.example{request.path}"
    return [
        ("Link", f'<{base}?{urlencode({**request.query, "page": goal})}>; rel="{word}"')
        for word, goal in goals.items()
    ]


def paged(rows: list[Json], request: Request) -> Reply:
    """Answer with a page of rows, sorted."""
    part, page, _size, pages = page_of(_sorted(rows, request), request)
    return Reply(body=slim(part, request), headers=_links(request, page, pages))
