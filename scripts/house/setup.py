"""The whole setup, each step skipped when it is done already."""

from concurrent.futures import ThreadPoolExecutor

from . import chromium, environment, odoo, postgres
from .work import lock


def _is_ready(dev: bool) -> bool:
    """Whether all was done before; a quick look, as every command asks."""
    return environment.is_ready(dev) and odoo.is_linked() and postgres.is_up()


def ensure(dev: bool = True) -> None:
    """Bring everything up: packages and Odoo side by side, then the database server."""
    if _is_ready(dev) and chromium.program():
        return
    with lock("setup"):
        with ThreadPoolExecutor(1) as pool:
            home = pool.submit(odoo.find)
            environment.ensure(dev)
            odoo.link(home.result())
        chromium.ensure()
        postgres.ensure()
