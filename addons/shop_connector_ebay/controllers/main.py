"""The doors eBay itself comes through: the seller's consent and messages about users."""

from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from odoo.addons.automation_core.lib.errors import AutomationError

from ..lib.consent import read_code
from ..lib.notification import MAX_BODY, challenge_response
from ..models.shop_account_consent import CONSENT_PATH
from ..models.shop_ebay_notification import NOTIFICATION_PATH

LONGEST_CHALLENGE = 1000
NO_STORE = ("Cache-Control", "no-store")


class EbayController(http.Controller):
    """What the outside may say; everything else is done later."""

    @http.route(CONSENT_PATH, type="http", auth="user", methods=["GET"], readonly=False)
    def consent(self, state="", code="", error="", **_more):
        """Take eBay's answer to the seller's consent and say how it ended."""
        account = request.env["shop.account"]._ebay_by_state(state)
        problem = self._agree(account, code, error) if account else self._stranger()
        values = {"account": account, "problem": problem}
        response = request.render("shop_connector_ebay.consent", values)
        response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the code
        response.headers.set(*NO_STORE)
        return response

    def _stranger(self) -> str:
        env = request.env
        return env._(
            "eBay's answer is too old, was asked for by somebody else, or you may not change the "
            "account. Press “Connect with eBay” on the account again."
        )

    def _agree(self, account, code: str, error: str) -> str:
        """Return what went wrong, "" if nothing did."""
        try:
            account._ebay_agree(read_code(urlencode({"error": error} if error else {"code": code})))
        except AutomationError as refusal:
            return account._error_sentence(refusal)
        return ""

    @http.route(
        f"{NOTIFICATION_PATH}/<int:account_id>",
        type="http",
        auth="public",
        methods=["GET"],
        csrf=False,
        save_session=False,
    )
    def challenge(self, account_id, challenge_code="", **_more):
        """Prove to eBay that the address is ours."""
        account = self._account(account_id)
        token = account.ebay_verification_token
        if not token or not 0 < len(challenge_code) <= LONGEST_CHALLENGE:
            raise NotFound
        answer = challenge_response(challenge_code, token, account.ebay_notification_url)
        return request.make_json_response({"challengeResponse": answer})

    @http.route(
        f"{NOTIFICATION_PATH}/<int:account_id>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=MAX_BODY,
    )
    def notification(self, account_id, **_more):
        """Keep a message of eBay's; what it asks for is done by a scheduled action."""
        account = self._account(account_id)
        if not account.ebay_verification_token:
            raise NotFound
        body = request.httprequest.get_data()
        header = request.httprequest.headers.get("X-EBAY-SIGNATURE", "")
        status = request.env["shop.ebay.notification"]._receive(account, header, body)
        return request.make_response("", status=status)

    def _account(self, account_id: int):
        # sudo: eBay has no user here; the messages are eBay's or thrown away
        account = request.env["shop.account"].sudo().browse(account_id).exists()
        if account.channel != "ebay":
            raise NotFound
        return account
