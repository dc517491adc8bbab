"""The wire and the translation: plain Python, no Odoo."""
