from . import payment_fints, payment_fints_connect
