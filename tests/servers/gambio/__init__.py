"""A Gambio shop to test against: it checks every request and behaves as measured on a live one.

``python -m tests.servers.gambio --port 0 --orders 30 --seed 1`` runs it and prints its address.
"""

from .kinds import CATALOGUE, KINDS, Article
from .orders import generate_orders, list_record

__all__ = ["CATALOGUE", "KINDS", "Article", "generate_orders", "list_record"]
