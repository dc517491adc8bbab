from . import (
    account_bank_statement_line,
    payment_match_allocation,
    payment_paypal_hint,
    payment_source,
    payment_source_file,
    sale_order,
)
