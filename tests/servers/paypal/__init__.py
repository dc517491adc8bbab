"""PayPal to test against: it checks every request against the vendor's own documents.

``python -m tests.servers.paypal --port 0 --payments 30 --seed 1`` runs it and prints its address.
"""

from .server import PayPalServer
from .spec import Spec
from .wire import Fault

__all__ = ["Fault", "PayPalServer", "Spec"]
