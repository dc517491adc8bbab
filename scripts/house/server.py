"""Calling Odoo: its configuration file, its environment, its commands."""

import os
import socket
from pathlib import Path

from . import chromium, paths, postgres
from .work import run, write_whole

CONF = """[options]
addons_path = {addons}
data_dir = {data}
db_name = {database}
dbfilter = ^{database}$
list_db = False
http_interface = 127.0.0.1
http_port = {port}
gevent_port = {gevent}
workers = 0
max_cron_threads = {crons}
limit_time_cpu = 0
limit_time_real = 0
limit_memory_soft = 0
limit_memory_hard = 0
"""


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def addons_path() -> str:
    """The folders of add-ons: the project's, and those named by EXTRA_ADDONS."""
    extra = os.environ.get("EXTRA_ADDONS", "")
    return ",".join(filter(None, [str(paths.ADDONS), extra]))


def conf_path(database: str) -> Path:
    """The configuration file of a database."""
    return paths.RUN / f"{database}.conf"


def conf(database: str, port: int = 0, crons: int = 0, folders: str = "") -> Path:
    """Write the configuration file of a database; without a port a free one is taken.

    :param folders: of this computer that Odoo may fetch files from
    """
    target = conf_path(database)
    text = CONF.format(
        addons=addons_path(),
        data=paths.ODOO_DATA,
        database=database,
        port=port or free_port(),
        gevent=free_port(),
        crons=crons,
    )
    if folders:
        text += f"\n[file_transport]\nfolders = {folders}\n"
    write_whole(target, text)
    return target


def command(*arguments: str | Path) -> list[str]:
    """Odoo's command line."""
    return [str(paths.PYTHON), str(paths.VENV / "bin" / "odoo"), *map(str, arguments)]


def environment() -> dict[str, str]:
    """What Odoo and its tests need: database, programs, browser; no settings of the user."""
    env = postgres.environment()
    env.pop("PGDATABASE", None)
    for name in ("PYTHONPATH", "PYTHONHOME", "ODOO_RC", "OPENERP_SERVER"):
        env.pop(name, None)
    search = [str(paths.VENV / "bin"), env["PATH"], str(chromium.FOLDER / "bin")]
    env["PATH"] = os.pathsep.join(search)
    env["PYTHONUNBUFFERED"] = "1"
    if program := chromium.program():
        env["CHROMIUM"] = str(program)
    return env


def install(database: str, modules: list[str], log: str = "", flag: str = "-i") -> None:
    """Install (or with "-u" update) modules and stop."""
    paths.ADDONS.mkdir(exist_ok=True)
    options = ["-d", database, flag, ",".join(modules), "--stop-after-init", "--no-http"]
    run(command("-c", conf(database), *options), env=environment(), log=log)


def uninstall(database: str, modules: list[str], log: str = "") -> None:
    """Uninstall modules and what depends on them."""
    options = ["-c", str(conf(database)), "-d", database, *modules]
    run(command("module", "uninstall", *options), env=environment(), log=log)
