if __name__.startswith("odoo."):  # the libraries are used without Odoo too, see lib/plain.py
    from . import models
