"""Databases of one run: copies of the same template, without and with the add-ons."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "scripts"))

from house import server  # noqa: E402

from odoo import SUPERUSER_ID, api  # noqa: E402
from odoo.modules.registry import Registry  # noqa: E402
from odoo.tools import config  # noqa: E402

ADDONS = "shop_connector_gambio,report_pdf_chromium"


def _dev(*arguments: str) -> None:
    subprocess.run([sys.executable, ROOT / "scripts" / "dev", *arguments], check=True)


def configure() -> None:
    """Read Odoo's configuration once; a program asks no web server and runs no crons."""
    database = "postgres"
    log = ROOT / ".data" / "logs" / "bench.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    options = ["-c", str(server.conf(database)), "-d", database, "--no-http"]
    config.parse_config([*options, "--log-level=warn", f"--logfile={log}"])


@contextmanager
def fresh(with_addons: bool, keep: bool = False, addons: str = ADDONS):
    """Yield the environment of a new database; drop it afterwards."""
    database = f"bench_{'product' if with_addons else 'stock'}_{os.getpid()}"
    _dev("db", database, *([addons] if with_addons else []))
    try:
        with Registry(database).cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})
            cr.rollback()
    finally:
        Registry.delete(database)
        if not keep:
            _dev("drop", database)
