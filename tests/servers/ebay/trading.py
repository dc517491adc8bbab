"""The Trading API's ReviseInventoryStatus, in XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from .wire import EbayError, Json, Reply, Request

if TYPE_CHECKING:
    from .shop import Shop

SPACE = "urn:ebay:apis:eBLBaseComponents"
NS = f"{{{SPACE}}}"
CALL = "ReviseInventoryStatus"
COMMON = {"ErrorLanguage", "MessageID", "WarningLevel", "InvocationID", "Version"}
FIELDS = {"SKU", "ItemID", "StartPrice", "Quantity"}
HEADERS = {
    "x-ebay-api-call-name": CALL,
    "x-ebay-api-compatibility-level": "1487",
    "x-ebay-api-siteid": "77",
    "content-type": "text/xml; charset=utf-8",
}


def answer(shop: Shop, request: Request) -> Reply:
    """Return eBay's answer: always 200, the truth is inside."""
    for name, value in HEADERS.items():
        if request.headers.get(name) != value:
            shop.violations.append(f"{CALL}: {name} is {request.headers.get(name)!r}")
    try:
        shop.tokens.scopes(request.headers.get("x-ebay-api-iaf-token", ""))
        shop.spend("tradingapi")
    except EbayError as error:
        number = 518 if error.status == 429 else 21917053
        return _reply("Failure", [(number, str(error))], [])
    root = etree.fromstring(request.body)
    problem = _problem(shop, root)
    if problem:
        shop.violations.append(problem)
        return _reply("Failure", [(5, problem)], [])
    done, failed = [], []
    for node in root.findall(f"{NS}InventoryStatus"):
        row = {child.tag.removeprefix(NS): child.text or "" for child in node}
        error = _revise(shop, row)
        failed.extend([error] if error else [])
        done.extend([] if error else [row])
    ack = "Success" if not failed else "PartialFailure" if done else "Failure"
    return _reply(ack, failed, done)


def _problem(shop: Shop, root: etree._Element) -> str:
    """Return what is wrong with the form of a request."""
    nodes = root.findall(f"{NS}InventoryStatus")
    kinds = ("ReviseInventoryStatusRequest", "InventoryStatusType")
    top, fields = (
        (shop.spec.trading_fields(kind) for kind in kinds)
        if shop.spec
        else ({"InventoryStatus"}, FIELDS)
    )
    names = {str(child.tag).removeprefix(NS) for child in root}
    inner = {str(child.tag).removeprefix(NS) for node in nodes for child in node}
    if root.tag != f"{NS}{CALL}Request" or names - top - COMMON or inner - fields:
        return f"{CALL}: unknown elements {sorted((names - top - COMMON) | (inner - fields))}"
    if not 1 <= len(nodes) <= 4:
        return f"{CALL}: {len(nodes)} listings in one call"
    return ""


def _revise(shop: Shop, row: Json) -> tuple[int, str] | None:
    listing = shop.listings.get(row.get("ItemID", ""))
    if listing is None:
        return 17, "This item cannot be accessed because the listing has been deleted."
    if listing.get("ended"):
        return 291, "You are not allowed to revise ended listings."
    listing["revisions"] = listing.get("revisions", 0) + 1
    if listing["revisions"] > 250:
        return 21919165, "You have exceeded the number of revisions."
    if variations := listing.get("variations"):
        if row.get("SKU") not in variations:
            return 21916664, "Variation level SKU and ItemID should be supplied."
        variations[row["SKU"]] = int(row["Quantity"])
    else:
        listing["quantity"] = int(row["Quantity"])
    return None


def _reply(ack: str, failed: list[tuple[int, str]], done: list[Json]) -> Reply:
    root = etree.Element(f"{NS}{CALL}Response", nsmap={None: SPACE})
    etree.SubElement(root, f"{NS}Ack").text = ack
    for number, text in failed:
        node = etree.SubElement(root, f"{NS}Errors")
        for name, value in (
            ("ShortMessage", text[:60]),
            ("LongMessage", text),
            ("ErrorCode", str(number)),
            ("SeverityCode", "Error"),
        ):
            etree.SubElement(node, f"{NS}{name}").text = value
    for row in done:
        node = etree.SubElement(root, f"{NS}InventoryStatus")
        for name in ("ItemID", "SKU", "Quantity"):
            if name in row:
                etree.SubElement(node, f"{NS}{name}").text = row[name]
    content = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return Reply(200, raw=content, content_type="text/xml; charset=utf-8")
