"""A seller's account at Amazon to test against: it judges every request by Amazon's own models.

``python -m tests.servers.amazon --port 0 --orders 30 --seed 1`` runs it and prints its address.
"""

from .generator import generate_orders
from .kinds import CATALOGUE, KINDS, Article
from .seller import FRANCE, GERMANY, Listing, Seller
from .server import AmazonServer
from .settlements import settlement
from .spec import Spec
from .wire import Fault

__all__ = [
    "CATALOGUE",
    "FRANCE",
    "GERMANY",
    "KINDS",
    "AmazonServer",
    "Article",
    "Fault",
    "Listing",
    "Seller",
    "Spec",
    "generate_orders",
    "settlement",
]
