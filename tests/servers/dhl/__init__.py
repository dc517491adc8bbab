"""DHL to test against: it checks every request against the vendor's own document.

``python -m tests.servers.dhl --port 0`` runs it and prints its address.
"""

from .server import DhlServer
from .spec import Spec
from .wire import Fault

__all__ = ["DhlServer", "Fault", "Spec"]
