"""Places that hold files, behind one interface, in plain Python without ``odoo``."""
