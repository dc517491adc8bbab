from . import shop_account
