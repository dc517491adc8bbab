"""The whole setup, each step skipped when it is done already."""

from concurrent.futures import ThreadPoolExecutor

from . import chromium, environment, odoo, postgres
from .work import lock


def ensure(dev: bool = True) -> None:
    """Bring everything up: packages and Odoo side by side, then the database server."""
    with lock("setup"):
        with ThreadPoolExecutor(1) as pool:
            home = pool.submit(odoo.find)
            environment.ensure(dev)
            odoo.link(home.result())
        chromium.ensure()
        postgres.ensure()
