"""A marketplace of builders' merchants that offers its orders as one openTRANS file.

The demo company is just about to join it: the account is in the middle of the set-up.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from .. import goods

from tests.servers.gambio.people import make_buyer  # isort: skip

PATH = "/feed/orders.xml"
SPACES = (
    'xmlns="http://www.opentrans.org/XMLSchema/2.1" '
    'xmlns:bmecat="http://www.bmecat.org/bmecat/2005" version="2.1" type="standard"'
)
SOLD = ("GG-1001", "GG-1002", "GG-1004", "PF-2002", "KU-3001", "WO-6002")
NEW = ("GG-1999", "Gartenzwerg „Fiete“", 19.90)  # the company does not have it
SEED = 7


def orders(now: datetime, count: int = 6) -> str:
    """Return the file with the orders of the last days."""
    dice = random.Random(SEED)
    found = [
        _order(dice, 5100 + place, now - timedelta(hours=9 * (count - place)))
        for place in range(count)
    ]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<OPENTRANS>{"".join(found)}</OPENTRANS>\n'


def _order(dice: random.Random, number: int, when: datetime) -> str:
    chosen = [goods.by_sku[sku] for sku in dice.sample(SOLD, dice.choice((1, 2)))]
    lines = [(one.sku, one.title, one.price, dice.choice((1, 2, 5))) for one in chosen]
    if not number % 4:
        lines.append((*NEW, 1))
    prices = [round(price / 1.19, 2) for _sku, _title, price, _quantity in lines]
    total = sum(price * line[3] for price, line in zip(prices, lines, strict=True))
    items = "".join(
        _item(place, line[0], line[1], line[3], price)
        for place, (line, price) in enumerate(zip(lines, prices, strict=True), 1)
    )
    return f"""
<ORDER {SPACES}>
 <ORDER_HEADER><ORDER_INFO>
  <ORDER_ID>BM-{number}</ORDER_ID><ORDER_DATE>{when:%Y-%m-%dT%H:%M:%S}</ORDER_DATE>
  <PARTIES>{_party(dice, number)}</PARTIES>
  <ORDER_PARTIES_REFERENCE>
   <bmecat:BUYER_IDREF type="buyer_specific">{number}</bmecat:BUYER_IDREF>
   <bmecat:SUPPLIER_IDREF type="buyer_specific">LINDENHOF</bmecat:SUPPLIER_IDREF>
  </ORDER_PARTIES_REFERENCE>
  <bmecat:CURRENCY>EUR</bmecat:CURRENCY>
 </ORDER_INFO></ORDER_HEADER>
 <ORDER_ITEM_LIST>{items}</ORDER_ITEM_LIST>
 <ORDER_SUMMARY><TOTAL_ITEM_NUM>{len(lines)}</TOTAL_ITEM_NUM>
  <TOTAL_AMOUNT>{total:.2f}</TOTAL_AMOUNT></ORDER_SUMMARY>
</ORDER>"""


def _party(dice: random.Random, number: int) -> str:
    buyer = make_buyer(dice, number)
    street = " ".join(filter(None, (buyer.street, buyer.house)))
    return (
        f'<PARTY><bmecat:PARTY_ID type="buyer_specific">{number}</bmecat:PARTY_ID>'
        "<PARTY_ROLE>buyer</PARTY_ROLE><PARTY_ROLE>delivery</PARTY_ROLE><ADDRESS>"
        f"<bmecat:NAME>{escape(f'{buyer.first} {buyer.last}')}</bmecat:NAME>"
        f"<bmecat:STREET>{escape(street)}</bmecat:STREET><bmecat:ZIP>{buyer.zip}</bmecat:ZIP>"
        f"<bmecat:CITY>{escape(buyer.city)}</bmecat:CITY>"
        "<bmecat:COUNTRY_CODED>DE</bmecat:COUNTRY_CODED>"
        f"<bmecat:EMAIL>{buyer.email}</bmecat:EMAIL></ADDRESS></PARTY>"
    )


def _item(place: int, sku: str, title: str, quantity: int, price: float) -> str:
    return (
        f"<ORDER_ITEM><LINE_ITEM_ID>{place}</LINE_ITEM_ID><PRODUCT_ID>"
        f"<bmecat:SUPPLIER_PID>{sku}</bmecat:SUPPLIER_PID>"
        f"<bmecat:DESCRIPTION_SHORT>{escape(title)}</bmecat:DESCRIPTION_SHORT>"
        f"</PRODUCT_ID><QUANTITY>{quantity}</QUANTITY><bmecat:ORDER_UNIT>C62</bmecat:ORDER_UNIT>"
        f"<PRODUCT_PRICE_FIX><bmecat:PRICE_AMOUNT>{price:.2f}</bmecat:PRICE_AMOUNT>"
        "<TAX_DETAILS_FIX><bmecat:TAX_TYPE>vat</bmecat:TAX_TYPE><bmecat:TAX>0.19</bmecat:TAX>"
        f"</TAX_DETAILS_FIX></PRODUCT_PRICE_FIX>"
        f"<PRICE_LINE_AMOUNT>{price * quantity:.2f}</PRICE_LINE_AMOUNT></ORDER_ITEM>"
    )
