"""Plain Python of the connector: no ``odoo`` import below this package."""
