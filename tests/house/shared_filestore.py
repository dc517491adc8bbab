"""A pytest plugin for parallel workers: each has a database of its own, the files are shared.

Odoo clears away unreferenced files after each test class. What another worker's test has not
committed is unreferenced to it, so it would take that test's files from under it.
"""


def pytest_sessionstart(session):
    """Leave the clearing to the end, when the whole filestore of the run is dropped."""
    from odoo.tests.common import TransactionCase

    TransactionCase._gc_filestore = classmethod(lambda cls: None)
