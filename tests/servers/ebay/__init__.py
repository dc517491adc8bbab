"""eBay to test against: it checks every request against the vendor's own documents.

``python -m tests.servers.ebay --port 0 --orders 30 --seed 1`` runs it and prints its address.
"""

from .kinds import CATALOGUE, KINDS, Article
from .orders import generate_orders, list_record
from .server import EbayServer
from .shop import Shop
from .spec import Spec
from .wire import Fault

__all__ = [
    "CATALOGUE",
    "KINDS",
    "Article",
    "EbayServer",
    "Fault",
    "Shop",
    "Spec",
    "generate_orders",
    "list_record",
]
