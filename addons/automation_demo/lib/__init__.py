"""Plain Python of the demo: no ``odoo`` import below this package."""
