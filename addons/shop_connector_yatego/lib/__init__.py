"""Yatego's own files in plain Python, without ``odoo``."""
