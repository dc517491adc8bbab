"""The shops the demo company sells in, each a fake that checks what it is asked."""

from .amazon import Amazon
from .base import Facts, Order, Outlet, Sale
from .ebay import Ebay
from .gambio import Gambio
from .yatego import Yatego

__all__ = ["Amazon", "Ebay", "Facts", "Gambio", "Order", "Outlet", "Sale", "Yatego"]
