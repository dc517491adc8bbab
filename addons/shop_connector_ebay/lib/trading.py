"""The Trading API's ReviseInventoryStatus: stock of listings the Inventory API does not know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from lxml import etree

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from . import const, explain
from .client import EbayClient
from .explain import Said

_lt = Marker(__name__)

CALL: Final = "ReviseInventoryStatus"
NS: Final = f"{{{const.TRADING_NAMESPACE}}}"
GOOD: Final = frozenset({"Success", "Warning"})


@dataclass(frozen=True, slots=True)
class Listing:
    """The quantity of one old listing, or of one of its variations (then with its SKU)."""

    quantity: int
    item_id: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a listing. ``passing``: send it again later."""

    listing: Listing
    ok: bool
    text: str = ""
    hint: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the Trading API."""

    ack: str
    errors: tuple[Said, ...]
    done: frozenset[tuple[str, str]]  # (number of the listing, SKU) of what was changed


def build(listings: Iterable[Listing], language: str = "de-DE") -> bytes:
    """Return the body of one call."""
    names: dict[Any, str] = {None: const.TRADING_NAMESPACE}
    root = etree.Element(f"{NS}{CALL}Request", nsmap=names)
    etree.SubElement(root, f"{NS}ErrorLanguage").text = language.replace("-", "_")
    for listing in listings:
        node = etree.SubElement(root, f"{NS}InventoryStatus")
        for name, value in (
            ("SKU", listing.sku),
            ("ItemID", listing.item_id),
            ("Quantity", str(listing.quantity)),
        ):
            if value:
                etree.SubElement(node, f"{NS}{name}").text = clean_text(value)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def parse(content: bytes) -> Reply:
    """Return what an answer says; entities and outside documents are not followed.

    :raises errors.InvalidAnswer: when it is no answer of this call
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise errors.InvalidAnswer(_lt("eBay's answer is not readable."), explain.AGAIN) from error
    ack = root.findtext(f"{NS}Ack") or ""
    if root.tag != f"{NS}{CALL}Response" or not ack:
        raise errors.InvalidAnswer(_lt("eBay's answer is not readable."), explain.AGAIN)
    return Reply(
        ack=ack,
        errors=tuple(
            _said(node)
            for node in root.findall(f"{NS}Errors")
            if node.findtext(f"{NS}SeverityCode") != "Warning"
        ),
        done=frozenset(
            (node.findtext(f"{NS}ItemID") or "", node.findtext(f"{NS}SKU") or "")
            for node in root.findall(f"{NS}InventoryStatus")
        ),
    )


def _said(node: etree._Element) -> Said:
    number = node.findtext(f"{NS}ErrorCode") or ""
    text = node.findtext(f"{NS}LongMessage") or node.findtext(f"{NS}ShortMessage")
    usable = number.isascii() and number.isdigit() and len(number) < 12
    return Said(int(number) if usable else 0, " ".join(clean_text(text, 300).split()))


def _is_done(listing: Listing, reply: Reply) -> bool:
    return any(
        (not listing.item_id or item == listing.item_id) and (not listing.sku or sku == listing.sku)
        for item, sku in reply.done
    )


class OldListings:
    """Sends quantities of one seller's old listings."""

    def __init__(self, client: EbayClient) -> None:
        self._client = client

    def push(self, listings: Iterable[Listing]) -> Iterator[list[Outcome]]:
        """Send quantities, four to a call, and yield what became of each, to be kept at once.

        :raises errors.AutomationError: when eBay as a whole does not work
        """
        latest = {(listing.item_id, listing.sku): listing for listing in listings}
        rest = iter(latest.values())
        while batch := list(islice(rest, const.ITEMS_PER_TRADING_CALL)):
            bad = [listing for listing in batch if not _is_sound(listing)]
            if bad:
                yield [_unsound(listing) for listing in bad]
            if good := [listing for listing in batch if _is_sound(listing)]:
                yield self._send(good)

    def _send(self, batch: Sequence[Listing]) -> list[Outcome]:
        """Send one call. eBay does not say which listing an error is about: those that were not
        changed are sent alone.
        """
        reply = self._ask(batch)
        if reply.ack in GOOD:
            return [Outcome(listing, True) for listing in batch]
        _raise_general(reply)
        if len(batch) == 1:
            return [_refused(batch[0], reply)]
        done = [listing for listing in batch if _is_done(listing, reply)]
        outcomes = [Outcome(listing, True) for listing in done]
        for listing in batch:
            if listing not in done:
                outcomes += self._send([listing])
        return outcomes

    def _ask(self, batch: Sequence[Listing]) -> Reply:
        site, language = self._client.site
        answer = self._client.call(
            "POST",
            const.TRADING,
            data=build(batch, language),
            headers={
                "Accept": "text/xml",
                "Content-Type": "text/xml; charset=utf-8",
                "X-EBAY-API-CALL-NAME": CALL,
                "X-EBAY-API-COMPATIBILITY-LEVEL": const.TRADING_VERSION,
                "X-EBAY-API-SITEID": site,
            },
            scheme="",
            refused=_is_refused,
        )
        return parse(answer.content)


def _is_refused(answer: Answer) -> bool:
    """Whether eBay does not accept the token; it says so inside an answer of 200."""
    return answer.status == 401 or any(
        said.number in explain.LOGIN for said in parse(answer.content).errors
    )


def _raise_general(reply: Reply) -> None:
    """Raise what concerns the account, not a listing."""
    for said in reply.errors:
        meant = explain.meaning(said)
        if said.number in explain.LOGIN:
            raise errors.AuthenticationFailed(meant.text, meant.hint)
        if said.number in explain.QUOTA:
            raise errors.Throttled(meant.text, meant.hint)
        if meant.passing:
            raise errors.Unavailable(meant.text, meant.hint)


def _refused(listing: Listing, reply: Reply) -> Outcome:
    meant = explain.meaning(reply.errors[0] if reply.errors else Said())
    return Outcome(listing, False, meant.text, meant.hint)


def _is_sound(listing: Listing) -> bool:
    named = bool(listing.item_id or listing.sku)
    return named and 0 <= listing.quantity <= const.MOST_STOCK


def _unsound(listing: Listing) -> Outcome:
    name = listing.sku or listing.item_id or "–"
    text = _lt("The quantity of “%(name)s” cannot be sent.", name=name)
    return Outcome(listing, False, text, _lt("Look at the listing's number and stock."))
