"""What the tests of several add-ons share."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from unittest import SkipTest
from urllib.parse import urlsplit

from odoo.tests import common

REPOSITORY = Path(__file__).resolve().parents[3]
SPECS = REPOSITORY.parent / "shared" / "specs"
LOOPBACK = ("127.0.0.1", "localhost")


def servers(name: str) -> ModuleType:
    """Return the module of ``tests/servers`` that plays the outside world; it belongs to the
    repository, not to an add-on.
    """
    if not (REPOSITORY / "tests" / "servers" / name).is_dir():
        raise SkipTest(f"not here: the server “{name}” beside the add-ons")
    if str(REPOSITORY) not in sys.path:
        sys.path.insert(0, str(REPOSITORY))
    return importlib.import_module(f"tests.servers.{name}")


class LoopbackCase:
    """Mixed into a test class: lets ``HttpClient`` talk to servers on this machine.

    Odoo's tests compare a request's time-out with a number, which fails for a pair (connect, read),
    and raise it, so that a slow server could not be tested. Other hosts stay forbidden.
    """

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Override to send requests to this machine unchanged."""
        if urlsplit(request.url).hostname in LOOPBACK:
            return common._super_send(session, request, **options)
        return super()._request_handler(session, request, **{**options, "timeout": None})
