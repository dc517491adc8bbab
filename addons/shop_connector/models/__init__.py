from . import shop_account, shop_message, shop_order, shop_writer  # first: the others extend them

# isort: split

from . import shop_account_poll  # before shop_account_inbox, which extends it

# isort: split

from . import (
    account_move,
    account_tax,
    automation_case,
    automation_case_message,
    automation_policy,
    automation_rule,
    res_partner,
    sale_order,
    sale_order_line,
    sale_order_message,
    sale_order_promise,
    sale_order_sent,
    shop_account_check,
    shop_account_inbox,
    shop_account_message,
    shop_account_service,
    shop_account_setup,
    shop_anonymise,
    shop_carrier,
    shop_customer,
    shop_feed_account,
    shop_feed_back,
    shop_feed_channel,
    shop_memory,
    shop_message_build,
    shop_message_send,
    shop_message_trouble,
    shop_order_follow,
    shop_order_interpret,
    shop_order_trial,
    shop_order_update,
    shop_outbox,
    shop_parcel,
    shop_pause,
    shop_payment_map,
    shop_reservation,
    shop_retention,
    shop_tax,
    shop_vat_check,
    shop_writer_customer,
    shop_writer_merge,
    shop_writer_terms,
    shop_writer_update,
    stock_picking,
    stock_picking_sent,
)

# isort: split

from . import shop_listing, shop_stock, shop_stock_task, shop_stock_touch  # the others extend them

# isort: split

from . import (
    shop_cover,
    shop_listing_fetch,
    shop_listing_match,
    shop_stock_account,
    shop_stock_explain,
    shop_stock_kit,
    shop_stock_product,
    shop_stock_push,
    shop_stock_watch,
)
