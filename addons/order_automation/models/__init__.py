from . import (
    automation_case,
    automation_counter,
    automation_log,
    automation_payment_method,
    automation_policy,
    res_partner,
    sale_order,
    sale_order_engine,
    sale_order_line,
    stock_picking,
)
