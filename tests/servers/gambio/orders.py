"""Made-up orders of a German shop in exactly the form Gambio's API v2 sends them.

``generate_orders(catalogue, count, seed)`` is deterministic; tests, demo and benchmarks share it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from .kinds import CATALOGUE, KINDS, ZERO, Article, Draft, cents, make_draft
from .people import COUNTRIES, Buyer

Json = dict[str, Any]
FIRST_ID = 400210
STATUSES = {
    0: ("Not confirmed", "Nicht bestätigt"),
    1: ("Pending", "Offen"),
    2: ("Processing", "In Bearbeitung"),
    3: ("Dispatched", "Versendet"),
    99: ("Canceled", "Storniert"),
    149: ("Invoice created", "Rechnung erstellt"),
}
PAYMENTS = {
    "cod": "Nachnahme",
    "eustandardtransfer": "EU-Standard Bank Transfer",
    "invoice": "Rechnung",
    "moneyorder": "Vorkasse/Überweisung",
    "paypal3": "PayPal",
}


def generate_orders(
    catalogue: Sequence[Article] = CATALOGUE,
    count: int = 30,
    seed: int = 1,
    *,
    first_id: int = FIRST_ID,
    start: datetime = datetime(2026, 11, 1, 8, 0, 0),
    every: timedelta = timedelta(minutes=7),
    kinds: Sequence[str] | None = None,
    lines: int | None = None,
) -> list[Json]:
    """Return ``count`` full orders (as of ``GET orders/ID``), oldest first.

    :param start: time of the first order, local to the shop
    :param kinds: kinds in turn; without it each kind comes once first, then at random by weight
    :param lines: fixed number of lines; without it one to three
    """
    rng = random.Random(seed)
    usual = list(kinds or KINDS)
    orders: list[Json] = []
    buyers: list[Buyer] = []
    for place in range(count):
        if kinds or place < len(usual):
            kind = usual[place % len(usual)]
        else:
            kind = rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
        draft = make_draft(rng, kind, catalogue, buyers, lines)
        orders.append(_order(rng, draft, first_id + place, start + place * every))
    return orders


def _order(rng: random.Random, draft: Draft, number: int, when: datetime) -> Json:
    """Write a draft down as the shop does."""
    buyer, stamp = draft.buyer, when.strftime("%Y-%m-%d %H:%M:%S")
    items = [
        _item(draft, number * 10 + place, article, quantity)
        for place, (article, quantity) in enumerate(draft.lines)
    ]
    return {
        "id": number,
        "statusId": draft.status,
        "purchaseDate": stamp,
        "currencyCode": "EUR",
        "languageCode": "DE",
        "comment": draft.comment,
        "totalWeight": round(0.4 * sum(quantity for _article, quantity in draft.lines), 3),
        "paymentType": {"title": PAYMENTS[draft.payment], "module": draft.payment},
        "shippingType": {"title": "Versand mit DHL (Standard)", "module": "flat_flat"},
        "customer": {
            "id": buyer.number,
            "number": "" if buyer.guest else f"K{10000 + buyer.number}",
            "email": buyer.email,
            "phone": "",
            "vatId": draft.vat,
            "status": _group(draft),
        },
        "addresses": {
            "customer": buyer.address(),
            "billing": buyer.address(),
            "delivery": (draft.delivery or buyer).address(),
        },
        "items": items,
        "totals": _totals(draft, items, number * 20),
        "statusHistory": _history(draft, number * 3, when),
        "addonValues": {
            "customerIp": f"192.0.2.{rng.randint(1, 254)}",
            "downloadAbandonmentStatus": "0",
            "serviceAbandonmentStatus": "0",
            **dict.fromkeys(
                ("ccType", "ccOwner", "ccNumber", "ccExpires", "ccStart", "ccIssue", "ccCvv"), ""
            ),
        },
        "_links": {"customer": f"http://shop.example/api.php/v2/customers/{buyer.number}"},
    }


def _group(draft: Draft) -> Json:
    number, name = (
        (3, "Händler") if draft.net else (1, "Gast") if draft.buyer.guest else (2, "Neuer Kunde")
    )
    return {
        "id": number,
        "name": name,
        "image": "customer_status.gif",
        "discount": 0,
        "isGuest": draft.buyer.guest,
    }


def _history(draft: Draft, first: int, when: datetime) -> list[Json]:
    """Two rows right after the checkout, and one more when something happened since."""
    rows = [(1, when), (1, when)]
    if draft.status != 1:
        rows.append((draft.status, when + timedelta(minutes=4)))
    return [
        {
            "id": first + place,
            "statusId": status,
            "dateAdded": moment.strftime("%Y-%m-%d %H:%M:%S"),
            "comment": "",
            "customerNotified": place == 0,
        }
        for place, (status, moment) in enumerate(rows)
    ]


def _item(draft: Draft, number: int, article: Article, quantity: int) -> Json:
    rate = 0 if draft.tax_free else article.tax
    price = article.price
    if draft.net or draft.tax_free:
        price = cents(price * 100 / (100 + article.tax))
    product = number % 1000 + 1
    combination = number % 97 + 1 if article.options else 0
    addon: Json = {
        "productId": str(product),
        "productType": "1",
        "identifier": f"{product}x{combination}" if combination else str(product),
        "quantityUnitId": "0",
    }
    return {
        "id": number,
        "model": article.sku,
        "name": article.name,
        "quantity": quantity,
        "price": _json(price),
        "finalPrice": _json(price * quantity),
        "tax": rate,
        "isTaxAllowed": not draft.net,
        "discount": 0,
        "shippingTimeInformation": "ca. 3-4 Tage",
        "checkoutInformation": "",
        "quantityUnitName": "",
        "attributes": [
            {
                "id": number * 10 + place,
                "name": name,
                "value": value,
                "price": 0,
                "priceType": "",
                "optionId": None,
                "optionValueId": None,
                "combisId": combination,
            }
            for place, (name, value) in enumerate(article.options)
        ],
        "downloadInformation": [],
        "gxCustomizerData": [],
        "customizationData": [],
        "addonValues": addon,
    }


def _totals(draft: Draft, items: list[Json], first: int) -> list[Json]:
    """The shop's sums: shipping and fees follow the main rate, discounts all rates."""
    goods: dict[Decimal, Decimal] = {}
    for item in items:
        rate = Decimal(item["tax"])
        goods[rate] = goods.get(rate, ZERO) + Decimal(str(item["finalPrice"]))
    subtotal = sum(goods.values(), ZERO)
    main = max(goods, key=lambda rate: goods[rate])
    shipping = ZERO if subtotal >= 100 else Decimal("4.90")
    extras = [("ot_shipping", "Versand mit DHL (Standard):", shipping), *draft.extras]
    if draft.net or draft.tax_free:
        extras = [(cls, title, cents(value / Decimal("1.19"))) for cls, title, value in extras]
    bases = dict(goods)
    for cls, _title, value in extras:
        if cls in ("ot_discount", "ot_coupon"):
            for rate, amount in goods.items():
                bases[rate] += value * amount / subtotal
        elif cls != "ot_gv":
            bases[main] += value
    taxes = {
        rate: cents(base * rate / (100 if draft.net else 100 + rate))
        for rate, base in bases.items()
        if rate
    }
    paid = subtotal + sum((value for *_, value in extras), ZERO)
    rows = [("ot_subtotal", "Zwischensumme:", subtotal), *extras]
    if draft.net:
        rows.append(("ot_subtotal_no_tax", "Zwischensumme netto:", paid))
        paid += sum(taxes.values(), ZERO)
    word = "zzgl." if draft.net else "inkl."
    rows += [("ot_tax", f"{word} {rate}% MwSt.:", value) for rate, value in taxes.items()]
    rows += [("ot_total_netto", "Summe netto:", paid - sum(taxes.values(), ZERO))]
    rows += [("ot_total", "<b>Summe</b>:", paid)]
    return [_total(first, place, row) for place, row in enumerate(rows)]


def _total(first: int, place: int, row: tuple[str, str, Decimal]) -> Json:
    cls, title, value = row
    text = money_text(value)
    return {
        "id": first + place,
        "title": title,
        "value": _json(value),
        "valueText": f"<b> {text}</b>" if cls == "ot_total" else text,
        "class": cls,
        "sortOrder": 99 if cls == "ot_total" else 10 + 5 * place,
    }


def list_record(order: Json) -> Json:
    """Return the short record of ``GET orders``; some keys are spelled otherwise there."""
    total = next((row["value"] for row in order["totals"] if row["class"] == "ot_total"), 0)
    customer, addresses = order["customer"], order["addresses"]
    billing = addresses["billing"]
    return {
        "id": order["id"],
        "statusId": order["statusId"],
        "statusName": STATUSES.get(order["statusId"], ("", ""))[1],
        "totalSum": money_text(Decimal(str(total))),
        "purchaseDate": order["purchaseDate"],
        "comment": order["comment"],
        "withdrawalIds": [],
        "mailStatus": True,
        "customerId": customer["id"],
        "customerName": f"{billing['firstname']} {billing['lastname']}",
        "customerEmail": customer["email"],
        "customerStatusId": customer["status"]["id"],
        "customerStatusName": customer["status"]["name"],
        "customerMemos": [],
        "deliveryAddress": _list_address(addresses["delivery"]),
        "billingAddress": _list_address(billing),
        "paymentType": order["paymentType"],
        "shippingType": order["shippingType"],
        "trackingLinks": [],
        "_links": order["_links"],
    }


def _list_address(row: Json) -> Json:
    name, iso2, _iso3 = COUNTRIES.get(row["countryId"], ("", "", ""))
    return {
        "gender": row["gender"],
        "firstName": row["firstname"],
        "lastName": row["lastname"],
        "company": row["company"],
        "street": row["street"],
        "houseNumber": row["houseNumber"],
        "additionalAddressInfo": row["additionalAddressInfo"],
        "postcode": row["postcode"],
        "city": row["city"],
        "state": "",
        "country": name,
        "countryIsoCode": iso2,
    }


def money_text(value: Decimal) -> str:
    """Return an amount as the shop writes it: 1.658,47 EUR."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,")) + " EUR"


def _json(value: Decimal) -> int | float:
    """Return a number as PHP writes it: whole ones without a decimal point."""
    return int(value) if value == value.to_integral_value() else float(value)
