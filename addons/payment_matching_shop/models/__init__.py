from . import payment_settlement_source
