"""Plain Python of the order's way: addresses and parcels. Nothing here imports Odoo."""
