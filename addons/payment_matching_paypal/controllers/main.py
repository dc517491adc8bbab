"""The door PayPal's webhook comes through. Nothing that is said there is believed."""

import json

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..lib.answer import read_text
from ..models.payment_source import WEBHOOK_PATH

MAX_BODY = 256 * 1024


class PayPalController(http.Controller):
    """Notes what PayPal says has happened; it is asked about it a moment later."""

    @http.route(
        f"{WEBHOOK_PATH}/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def webhook(self, token, **_more):
        """Note the payment a message is about."""
        # sudo: PayPal has no user here; the token tells the source
        source = request.env["payment.source"].sudo()._paypal_by_token(token)
        if not source:
            raise NotFound
        if number := _capture_of(request.httprequest.get_data()):
            request.env["payment.paypal.hint"].sudo()._note(source, number)  # sudo: as above
        return request.make_response("", status=200)


def _capture_of(body: bytes) -> str:
    """Return the id of the captured payment in a message, nothing for other messages."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(data, dict) or data.get("event_type") != "PAYMENT.CAPTURE.COMPLETED":
        return ""
    resource = data.get("resource")
    number = read_text(resource.get("id"), 40) if isinstance(resource, dict) else ""
    return number if number.isascii() and number.isalnum() else ""
