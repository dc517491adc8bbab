if __name__.startswith("odoo."):
    from . import models, wizards
else:  # a program of its own: python -m payment_matching.lib.match, .lib.statement
    from automation_core.lib import plain

    plain.register()
