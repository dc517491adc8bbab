"""eBay's APIs in plain Python: the wire, the translation and the names, without ``odoo``."""
