from . import (
    shop_account,
    shop_account_consent,
    shop_account_report,
    shop_ebay_notification,
    shop_stock,
)
