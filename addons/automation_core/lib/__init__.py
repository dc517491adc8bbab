"""Plain Python shared by all add-ons of the house: no ``odoo`` import below this package."""
