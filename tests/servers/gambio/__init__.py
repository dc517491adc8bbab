"""A Gambio shop to test against: it checks every request and behaves as measured on a live one.

``python -m tests.servers.gambio --port 0 --orders 30 --seed 1`` runs it and prints its address.
"""

from .kinds import CATALOGUE, KINDS, Article
from .orders import generate_orders, list_record
from .products import Product, make_products
from .server import GambioServer
from .shop import Shop
from .wire import Fault

__all__ = [
    "CATALOGUE",
    "KINDS",
    "Article",
    "Fault",
    "GambioServer",
    "Product",
    "Shop",
    "generate_orders",
    "list_record",
    "make_products",
]
