"""The door: login, tokens, limits and Amazon's models come before anything is done."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote

from . import feeds, listings, misc, orders
from .seller import Seller
from .spec import Operation, Spec
from .wire import Fault, Refusal, Reply, Request

Handler = Callable[[Seller, Request, dict[str, str]], Reply]

# operation: method, path, rate, burst, who answers. The models say the same (a test compares).
ROUTES: dict[str, tuple[str, str, float, int, Handler]] = {
    "searchOrders": ("GET", "/orders/2026-01-01/orders", 0.0056, 20, orders.search),
    "getOrder": ("GET", "/orders/2026-01-01/orders/{orderId}", 0.5, 30, orders.get),
    "confirmShipment": (
        "POST",
        "/orders/v0/orders/{orderId}/shipmentConfirmation",
        2,
        10,
        orders.confirm,
    ),
    "searchListingsItems": ("GET", "/listings/2021-08-01/items/{sellerId}", 5, 5, listings.search),
    "getListingsItem": ("GET", "/listings/2021-08-01/items/{sellerId}/{sku}", 5, 10, listings.get),
    "patchListingsItem": (
        "PATCH",
        "/listings/2021-08-01/items/{sellerId}/{sku}",
        5,
        5,
        listings.patch,
    ),
    "createFeedDocument": ("POST", "/feeds/2021-06-30/documents", 0.5, 15, feeds.create_document),
    "createFeed": ("POST", "/feeds/2021-06-30/feeds", 0.0083, 15, feeds.create),
    "getFeed": ("GET", "/feeds/2021-06-30/feeds/{feedId}", 2, 15, feeds.get),
    "getFeedDocument": (
        "GET",
        "/feeds/2021-06-30/documents/{feedDocumentId}",
        0.0222,
        10,
        feeds.get_document,
    ),
    "getReports": ("GET", "/reports/2021-06-30/reports", 0.0222, 10, misc.reports),
    "getReportDocument": (
        "GET",
        "/reports/2021-06-30/documents/{reportDocumentId}",
        0.0167,
        15,
        misc.report_document,
    ),
    "getSolicitationActionsForOrder": (
        "GET",
        "/solicitations/v1/orders/{amazonOrderId}",
        1,
        5,
        misc.solicitations,
    ),
    "createProductReviewAndSellerFeedbackSolicitation": (
        "POST",
        "/solicitations/v1/orders/{amazonOrderId}/solicitations/productReviewAndSellerFeedback",
        1,
        5,
        misc.solicit,
    ),
    "getMarketplaceParticipations": (
        "GET",
        "/sellers/v1/marketplaceParticipations",
        0.016,
        15,
        misc.participations,
    ),
}
PATTERNS = {
    name: re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route[1]))
    for name, route in ROUTES.items()
}
FORM = {"grant_type", "refresh_token", "client_id", "client_secret"}
UNKNOWN_TOKEN = "The access token you provided is revoked, malformed or invalid."


class Gateway:
    """Answers requests for one seller; ``spec`` judges them, where the models are at hand."""

    def __init__(self, seller: Seller, spec: Spec | None = None) -> None:
        self.seller = seller
        self.spec = spec

    def handle(self, request: Request) -> tuple[Reply, Fault | None]:
        """The answer, and the fault that spoils its delivery."""
        seller = self.seller
        with seller.lock:
            fault = seller.next_fault(request.path)
            if fault and fault.kind == "drop":
                return Reply(), fault
            try:
                reply = (fault and fault.reply()) or self._answer(request)
            except Refusal as refusal:
                seller.refused.append(f"{request.path}: {refusal}")
                reply = refusal.reply()
            reply.headers.setdefault("x-amzn-RequestId", str(uuid.UUID(int=seller.calls.total())))
            return reply, fault

    def _answer(self, request: Request) -> Reply:
        if request.path == "/auth/o2/token":
            return self._login(request)
        if request.path.startswith("/documents/"):
            return self._document(request)
        for name, (method, _path, rate, burst, handler) in ROUTES.items():
            match = PATTERNS[name].fullmatch(request.path)
            if match and method == request.method:
                values = {key: unquote(text) for key, text in match.groupdict().items()}
                return self._call(name, request, values, (rate, burst), handler)
        self.seller.violations.append(f"{request.method} {request.path} is not documented")
        raise Refusal(404, "NotFound", "The specified resource does not exist.")

    def _call(
        self,
        name: str,
        request: Request,
        values: dict[str, str],
        plan: tuple[float, int],
        handler: Handler,
    ) -> Reply:
        seller = self.seller
        seller.calls[name] += 1
        operation = self.spec.operations[name] if self.spec else None
        self._check_head(request, seller)
        if not seller.take(name, *plan):
            seller.calls[f"{name} throttled"] += 1
            raise Refusal(429, "QuotaExceeded", "You exceeded your quota for the resource.")
        if name in seller.denied:
            raise Refusal(403, "Unauthorized", "Access to requested resource is denied.")
        if operation and self.spec:
            problems = list(self.spec.request_problems(operation, request))
            if problems:
                seller.violations += [f"{name}: {problem}" for problem in problems]
                raise Refusal(400, "InvalidInput", "The input you have submitted is not valid.")
        try:
            reply = handler(seller, request, values)
        except Refusal as refusal:
            seller.refused.append(f"{name}: {refusal}")
            reply = refusal.reply()
        self._judge(name, operation, reply)
        return reply

    def _judge(self, name: str, operation: Operation | None, reply: Reply) -> None:
        """Hold the server itself to the models, and let the answer name the rate."""
        if not (operation and self.spec):
            return
        problems = self.spec.response_problems(operation, reply.status, reply.body)
        self.seller.violations += [f"{name} answers: {problem}" for problem in problems]
        if self.spec.names_rate(operation, reply.status):
            rate, _burst = self.seller.rates.get(name, (operation.rate, 0))
            reply.headers["x-amzn-RateLimit-Limit"] = str(rate)

    def _check_head(self, request: Request, seller: Seller) -> None:
        agent = request.headers.get("user-agent", "")
        if not agent or agent.startswith("python-requests"):
            seller.violations.append(f"{request.path}: no user-agent of its own")
        token = request.headers.get("x-amz-access-token", "")
        if not token:
            seller.violations.append(f"{request.path}: no access token")
            raise Refusal(403, "MissingAuthenticationToken", "Missing access token")
        if token not in seller.tokens:
            raise Refusal(403, "Unauthorized", UNKNOWN_TOKEN)
        if seller.tokens[token] <= seller.clock():
            raise Refusal(403, "Unauthorized", "The access token you provided has expired.")

    def _login(self, request: Request) -> Reply:
        seller = self.seller
        seller.calls["token"] += 1
        form = dict(parse_qsl(request.body.decode("ascii", "replace"), keep_blank_values=True))
        kind = request.headers.get("content-type", "")
        if request.method != "POST" or not kind.startswith("application/x-www-form-urlencoded"):
            seller.violations.append("the login is not a form")
        if set(form) != FORM or form.get("grant_type") != "refresh_token":
            seller.violations.append(f"the login's form has {sorted(form)}")
            return Reply(400, {"error": "invalid_request", "error_description": "missing value"})
        if (form["client_id"], form["client_secret"]) != (seller.client_id, seller.client_secret):
            return Reply(
                401,
                {"error": "invalid_client", "error_description": "Client authentication failed"},
            )
        if form["refresh_token"] != seller.refresh_token:
            return Reply(400, {"error": "invalid_grant", "error_description": "revoked"})
        token = f"Atza|token-{seller.calls['token']}"
        seller.tokens[token] = seller.clock() + seller.token_life
        body = {
            "access_token": token,
            "refresh_token": seller.refresh_token,
            "token_type": "bearer",
            "expires_in": int(seller.token_life),
        }
        return Reply(200, body)

    def _document(self, request: Request) -> Reply:
        """Files go up and down without a token: the address is the permission."""
        seller = self.seller
        if "x-amz-access-token" in request.headers:
            seller.violations.append("the access token was sent to the store of documents")
        document = seller.documents.get(request.path.removeprefix("/documents/"))
        if document is None or request.params.get("X-Amz-Signature") != document.number[-8:]:
            return Reply(403, content=b"<Error>AccessDenied</Error>", kind="application/xml")
        if request.method == "GET":
            return Reply(200, content=document.content or b"", kind="application/octet-stream")
        if seller.clock() - document.created > 300:
            return Reply(403, content=b"<Error>Request has expired</Error>", kind="application/xml")
        if request.headers.get("content-type") != document.content_type:
            seller.violations.append("a document was uploaded as another kind than announced")
        document.content = request.body
        return Reply(200, content=b"")
