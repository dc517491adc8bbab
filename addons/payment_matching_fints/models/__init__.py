from . import payment_source, payment_source_access, payment_source_fetch
