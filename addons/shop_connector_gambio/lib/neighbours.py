"""The one place where this package meets other add-ons' plain Python.

Inside Odoo the neighbours are found below ``odoo.addons``, outside (tests, type checks) beside this
add-on. Taking them from the same side keeps their classes identical for ``except``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING or not __name__.startswith("odoo.addons."):
    from automation_core.lib import errors
    from automation_core.lib.http import Answer, HttpClient
    from shop_connector.lib.channel import Cursor, OrderPage, RawOrder
    from shop_connector.lib.order import (
        LineKind,
        OrderState,
        PayloadError,
        PaymentState,
        ShopAddress,
        ShopCustomer,
        ShopLine,
        ShopOrder,
        clean_text,
    )
else:
    from odoo.addons.automation_core.lib import errors
    from odoo.addons.automation_core.lib.http import Answer, HttpClient
    from odoo.addons.shop_connector.lib.channel import Cursor, OrderPage, RawOrder
    from odoo.addons.shop_connector.lib.order import (
        LineKind,
        OrderState,
        PayloadError,
        PaymentState,
        ShopAddress,
        ShopCustomer,
        ShopLine,
        ShopOrder,
        clean_text,
    )

__all__ = [
    "Answer",
    "Cursor",
    "HttpClient",
    "LineKind",
    "OrderPage",
    "OrderState",
    "PayloadError",
    "PaymentState",
    "RawOrder",
    "ShopAddress",
    "ShopCustomer",
    "ShopLine",
    "ShopOrder",
    "clean_text",
    "errors",
]
