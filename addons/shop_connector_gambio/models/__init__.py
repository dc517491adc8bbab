from . import shop_account, shop_account_check, shop_account_report
