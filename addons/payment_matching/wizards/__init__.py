from . import payment_column_map, payment_settlement_upload, payment_upload
