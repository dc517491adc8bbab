"""Orders from files in plain Python: readers, mapping, profiles, way back, without ``odoo``."""
