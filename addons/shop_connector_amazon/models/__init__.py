from . import (
    shop_account,
    shop_account_check,
    shop_account_push,
    shop_account_report,
    shop_account_stock,
    shop_amazon_marketplace,
)
