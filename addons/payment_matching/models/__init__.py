from . import (
    account_bank_statement_line,
    account_journal,
    account_move,
    payment_match_allocation,
    payment_match_payer,
    payment_match_proposal,
    payment_source,
    payment_source_file,
    sale_order,
)
