"""The connection test: what works, what does not, and what to do, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import CheckLine

from . import const
from .client import EbayClient, Json
from .consent import Consent
from .explain import CONSENT_HINT
from .limits import WANTED, Quota, read_quotas
from .reader import stamp

_lt = Marker(__name__)

CLOCK_TOLERANCE: Final = 5 * 60.0
FEW_CALLS: Final = 500
DAY: Final = 86_400.0


def check(client: EbayClient, consent: Consent) -> list[CheckLine]:
    """Try what the channel needs; never raises for a refusal."""
    return list(_lines(client, consent))


def _lines(client: EbayClient, consent: Consent) -> Iterator[CheckLine]:
    try:
        user = client.user()
    except errors.AccessDenied:
        user = {}
    except errors.AutomationError as error:
        yield CheckLine(False, error.message, error.hint)
        return
    yield _user(user)
    yield from _consent(consent, client.clock())
    yield from _clock(client.clock_difference())
    yield from _registration(client)
    yield _orders(client)
    yield _stock(client)
    yield from _quotas(client)


def _user(user: Json) -> CheckLine:
    name = str(user.get("username") or "–")
    if user.get("status") not in (None, "CONFIRMED"):
        return CheckLine(
            False,
            _lt("eBay's account “%(name)s” is not confirmed or is on hold.", name=name),
            _lt("Log in at eBay and look for messages about the account."),
        )
    if user.get("accountType") == "INDIVIDUAL":
        return CheckLine(
            False,
            _lt("eBay's account “%(name)s” is a private one.", name=name),
            _lt("Change it into a business account at eBay if you sell as a company."),
        )
    return CheckLine(True, _lt("The login works: eBay's account “%(name)s”.", name=name))


def _consent(consent: Consent, now: float) -> Iterator[CheckLine]:
    state = consent.state(now)
    days = max(0, int((consent.expires_at - now) / DAY))
    if state == "ending":
        text = _lt("The seller's consent ends in %(days)s days.", days=days)
        yield CheckLine(False, text, CONSENT_HINT)
    elif state == "valid" and consent.expires_at:
        yield CheckLine(True, _lt("The seller's consent holds for %(days)s days.", days=days))


def _clock(difference: float | None) -> Iterator[CheckLine]:
    if difference is not None and abs(difference) > CLOCK_TOLERANCE:
        yield CheckLine(
            False,
            _lt(
                "Your server's clock is %(minutes)s minutes off.",
                minutes=round(abs(difference) / 60),
            ),
            _lt("Set it: eBay refuses times in its future, and changes could be missed."),
        )


def _registration(client: EbayClient) -> Iterator[CheckLine]:
    try:
        done = client.privileges().get("sellerRegistrationCompleted")
    except errors.AutomationError:
        return  # worth knowing, not needed
    if done is False:
        yield CheckLine(
            False,
            _lt("The seller's registration at eBay is not complete."),
            _lt("Complete it at eBay; until then many calls fail for odd reasons."),
        )


def _orders(client: EbayClient) -> CheckLine:
    week = datetime.fromtimestamp(client.clock() - 7 * DAY, UTC)
    try:
        found = client.orders(f"creationdate:[{stamp(week)}..]", 1, 0)
    except errors.AutomationError as error:
        return CheckLine(
            False, _lt("Orders cannot be read: %(why)s", why=error.message), error.hint
        )
    text = _lt("Orders can be read: %(count)s in the last 7 days.", count=found["total"])
    return CheckLine(True, text)


def _stock(client: EbayClient) -> CheckLine:
    path = f"{const.INVENTORY}/inventory_item"
    try:
        client.call("GET", path, params={"limit": "1", "offset": "0"})
    except errors.AutomationError as error:
        return CheckLine(False, _lt("Stock cannot be sent: %(why)s", why=error.message), error.hint)
    return CheckLine(True, _lt("Stock can be sent."))


def _quotas(client: EbayClient) -> Iterator[CheckLine]:
    try:
        quotas = read_quotas(client.rate_limits())
    except errors.AutomationError as error:
        text = _lt("eBay's limits of calls cannot be read: %(why)s", why=error.message)
        yield CheckLine(False, text, error.hint)
        return
    client.quotas.learn(quotas)
    for name in WANTED:
        if found := [quota for quota in quotas if name in quota.api]:
            yield _quota(min(found, key=lambda quota: quota.remaining))


def _quota(quota: Quota) -> CheckLine:
    text = _lt(
        "Calls left today for “%(api)s”: %(left)s of %(limit)s.",
        api=quota.api,
        left=f"{quota.remaining:,}",
        limit=f"{quota.limit:,}",
    )
    few = quota.remaining < min(FEW_CALLS, quota.limit // 10)
    hint = _lt("All accounts and programs with this App ID share the limit.") if few else ""
    return CheckLine(not few, text, hint)
