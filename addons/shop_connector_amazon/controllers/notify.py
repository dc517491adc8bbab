from odoo import http
from odoo.http import request

from ..lib.notification import MOST_BYTES


class NotifyController(http.Controller):
    @http.route(
        "/shop_connector_amazon/notify/<string:key>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def notify(self, key, **_values):
        """Take a notification that an event bridge forwards; the key in the address is the
        permission.
        """
        if not 0 < (request.httprequest.content_length or 0) <= MOST_BYTES:
            return request.make_response("", status=413)
        # sudo: nobody is logged in; the key was given to the event bridge only
        accounts = request.env["shop.account"].sudo()
        account = accounts.search([("channel", "=", "amazon"), ("amazon_push_key", "=", key)])
        if not account:
            return request.not_found()
        body = request.httprequest.get_data()
        account[:1]._amazon_notified(body.decode("utf-8", "replace"))
        return request.make_response("", status=204)
