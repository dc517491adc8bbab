from . import shop_ebay_connect
