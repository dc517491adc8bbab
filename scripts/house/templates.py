"""Databases kept ready: copying one takes a second, installing its modules takes minutes.

The templates form a ladder; each is a copy of the one before with more modules. Their names carry
a hash of everything they depend on, so a change makes new ones and old ones are dropped.
"""

import hashlib
import shutil
from pathlib import Path

from . import paths, postgres, server
from .work import lock, run, say

# What no add-on of ours needs and what would call outside services; taken out of every template.
UNWANTED = ["partner_autocomplete", "iap_mail"]
LADDER: dict[str, list[str]] = {
    "base": [],
    "trade": ["contacts", "l10n_de", "l10n_din5008", "sale_management", "sale_stock"],
    "full": [
        "account_edi_ubl_cii",
        "base_automation",
        "crm",
        "mass_mailing",
        "payment_custom",
        "portal",
        "stock_delivery",
    ],
}


def _key(rung: str) -> str:
    rungs = list(LADDER)
    below = {name: LADDER[name] for name in rungs[: rungs.index(rung) + 1]}
    home = Path((paths.site_packages() / "odoo_src.pth").read_text().strip())
    release = home / "odoo" / "release.py"
    parts = [home, release.stat().st_mtime_ns, UNWANTED, below]
    parts.append((paths.ROOT / "requirements.txt").read_text())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:10]


def name_of(rung: str) -> str:
    """The database of a rung."""
    return f"tpl_{rung}_{_key(rung)}"


def copy_filestore(source: str, target: str) -> None:
    """Give a database the files of another; they never change, so they are shared as hard links."""
    destination = paths.FILESTORE / target
    shutil.rmtree(destination, ignore_errors=True)
    if (paths.FILESTORE / source).exists():
        run(["cp", "-al", paths.FILESTORE / source, destination])


def drop(database: str) -> None:
    """Remove a database with its files and its configuration."""
    postgres.drop(database)
    shutil.rmtree(paths.FILESTORE / database, ignore_errors=True)
    server.conf_path(database).unlink(missing_ok=True)


def copy(database: str, rung: str = "full") -> None:
    """Make a database from a template, which is made first if need be."""
    template = ensure(rung)
    drop(database)
    postgres.create(database, template)
    copy_filestore(template, database)


def ensure(rung: str = "full") -> str:
    """The template of a rung, made if need be; returns its database's name."""
    template = name_of(rung)
    if postgres.exists(template):
        return template
    rungs = list(LADDER)
    position = rungs.index(rung)
    lower = ensure(rungs[position - 1]) if position else ""
    with lock(f"template-{rung}"):
        if not postgres.exists(template):
            _drop_old(rung)
            _build(rung, template, lower)
    return template


def _drop_old(rung: str) -> None:
    for database in postgres.sql("SELECT datname FROM pg_database"):
        if database.startswith(f"tpl_{rung}_"):
            drop(database)


def _build(rung: str, template: str, lower: str) -> None:
    part = f"{template}_part"
    drop(part)
    if lower:
        say(f"template database: {rung} ({', '.join(LADDER[rung])})")
        postgres.create(part, lower)
        copy_filestore(lower, part)
        server.install(part, LADDER[rung], log=f"template-{rung}")
    else:
        say(f"template database: {rung}")
        postgres.create(part)
        command = ["db", "-c", server.conf(part), "init", part, "--force"]
        options = ["--language", "de_DE", "--country", "DE"]
        run(server.command(*command, *options), env=server.environment(), log=f"template-{rung}")
    _uninstall(part, UNWANTED, f"template-{rung}-out")
    postgres.disconnect(part)
    postgres.sql(f'ALTER DATABASE "{part}" RENAME TO "{template}"')
    source = paths.FILESTORE / part
    if source.exists():
        source.rename(paths.FILESTORE / template)
    server.conf_path(part).unlink(missing_ok=True)


def _uninstall(database: str, modules: list[str], log: str) -> None:
    names = ", ".join(f"'{module}'" for module in modules)
    query = f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ({names})"
    if found := postgres.sql(query, database):
        server.uninstall(database, found, log)


def rung_below(modules: set[str]) -> str:
    """The highest rung that holds nothing but these modules (and what those need)."""
    best = "base"
    for rung, names in LADDER.items():
        if not set(names) <= modules:
            break
        best = rung
    return best
