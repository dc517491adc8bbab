"""Yatego's merchant interface to test against, as far as it is known: files over HTTP.

``python -m tests.servers.yatego --port 0 --orders 10 --seed 1`` runs it and prints its address.
"""

from .orders import HEAD, LINES, Order, generate_orders, heads_file, lines_file
from .server import YategoServer
from .shop import Fault, Shop

__all__ = [
    "HEAD",
    "LINES",
    "Fault",
    "Order",
    "Shop",
    "YategoServer",
    "generate_orders",
    "heads_file",
    "lines_file",
]
