"""Which shipper a delivery goes to: ordered rules, then the shipper's own limits.

``decide.choose`` decides one delivery, ``decide.dry_run`` says what would become of many.
"""
