"""What a marketplace wants its sellers to forget of a buyer, and when. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """``days`` after an order has left (or was cancelled), these are blanked.

    ``partner_fields``  on the contacts that only orders of this shop have used
    ``relay_mails``     so are e-mail addresses the marketplace made up
    ``order_fields``    on the sales order: what the buyer wrote, gift texts, directions
    ``line_notes``      what stands on its lines below the article, e.g. texts for presents
    ``extra_keys``      in the channel's own facts of the order
    ``payload``         the raw order is deleted, too

    Names and addresses stay: invoices need them.
    """

    days: int
    partner_fields: tuple[str, ...] = ("phone",)
    relay_mails: bool = True
    order_fields: tuple[str, ...] = ("buyer_note", "delivery_note", "shop_address")
    line_notes: bool = False
    extra_keys: tuple[str, ...] = ()
    payload: bool = True
