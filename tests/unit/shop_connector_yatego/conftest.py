"""The files of the documents, and the fake marketplace."""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.servers.yatego import Shop, YategoServer, generate_orders

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def _folder(*parts: str) -> Path:
    folder = Path(os.environ.get("SHARED_DIR") or ROOT.parent / "shared").joinpath("specs", *parts)
    if not folder.is_dir():
        pytest.skip("not here: the documents' files")
    return folder


@pytest.fixture(scope="session")
def real_lines() -> bytes:
    """A file of lines as the marketplace delivered it."""
    return (_folder("yatego") / "order_lines_csv_products.csv").read_bytes()


@pytest.fixture(scope="session")
def built_heads() -> bytes:
    """Its head, constructed from the names two importers read."""
    return (_folder("yatego") / "order_heads_csv_order_CONSTRUCTED.csv.txt").read_bytes()


@pytest.fixture(scope="session")
def real_feed() -> bytes:
    """An article file as a shop's own module writes it."""
    return (_folder("yatego") / "article_feed_gambio_module.csv").read_bytes()


@pytest.fixture
def shop() -> Shop:
    """A merchant with a day of orders."""
    start = datetime(2026, 11, 22, 10, 0)
    return Shop(orders=generate_orders(20, 7, start=start))


@pytest.fixture
def server(shop: Shop) -> Iterator[YategoServer]:
    """The marketplace on a port; at the end it must have seen documented requests only."""
    with YategoServer(shop) as running:
        yield running
    assert shop.violations == []
