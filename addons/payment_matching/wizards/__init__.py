from . import payment_column_map, payment_upload
