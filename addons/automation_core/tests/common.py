"""What the tests of several add-ons share."""

from urllib.parse import urlsplit

from odoo.tests import common

LOOPBACK = ("127.0.0.1", "localhost")


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
