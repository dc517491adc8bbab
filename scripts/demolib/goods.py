"""What the demo company sells, and where: read from its add-on, which would need Odoo."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT))


def _catalogue() -> ModuleType:
    """The demo company's catalogue; its add-on is not imported."""
    path = ROOT / "addons" / "automation_demo" / "lib" / "catalogue.py"
    spec = importlib.util.spec_from_file_location("demo_catalogue", path)
    assert spec
    assert spec.loader
    module = sys.modules.setdefault("demo_catalogue", importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


catalogue = _catalogue()
ARTICLES = catalogue.ARTICLES
CHANNELS = catalogue.CHANNELS
offers = catalogue.offers
LANTERN = "WO-6003"  # of which the last pieces are sold in two shops at once
by_sku = {one.sku: one for one in ARTICLES}
places = {one.sku: place for place, one in enumerate(ARTICLES, start=1)}


def ean(sku: str) -> str:
    """Return the EAN of one of our articles; "" for what is none."""
    return str(catalogue.ean(places[sku])) if sku in places else ""


def first_stock(channel: str) -> dict[str, int]:
    """Return what a shop shows on the first day, by its own numbers."""
    return {
        offer.sku: (by_sku[offer.article].stock if offer.article else 12) // offer.pack
        for offer in offers(channel)
    }
