"""Databases kept ready: copying one takes a second, installing its modules takes minutes.

The templates form a ladder; each is a copy of the one before with more modules. Their names carry
a hash of everything they depend on, so a change makes new ones and old ones are dropped.
"""

import ast
import hashlib
import shutil
from pathlib import Path
from typing import Any

from . import paths, postgres, server
from .work import Trouble, lock, run, say

# What no add-on of ours needs and what would call outside services; taken out of every template.
UNWANTED = ["partner_autocomplete", "iap_mail"]
LADDER: dict[str, list[str]] = {
    "base": [],
    # The country brings the German chart of accounts along.
    "trade": ["sale_stock"],
    "full": [
        "account_edi_ubl_cii",
        "base_automation",
        "contacts",
        "crm",
        "l10n_din5008",
        "mass_mailing",
        "payment_custom",
        "portal",
        "sale_management",
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
    # The files first: a database that exists is whole.
    copy_filestore(template, database)
    postgres.create(database, template)


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
            _drop_group(f"tpl_{rung}_")
            _build(rung, template, lower)
    return template


def _drop_group(prefix: str) -> None:
    for database in postgres.sql("SELECT datname FROM pg_database"):
        if database.startswith(prefix):
            drop(database)


def _finish(part: str, template: str) -> None:
    """Give a finished database its name; only now others see it."""
    source = paths.FILESTORE / part
    if source.exists():
        shutil.rmtree(paths.FILESTORE / template, ignore_errors=True)
        source.rename(paths.FILESTORE / template)
    postgres.disconnect(part)
    postgres.sql(f'ALTER DATABASE "{part}" RENAME TO "{template}"')
    server.conf_path(part).unlink(missing_ok=True)


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
        options = ["--force", "--language", "de_DE", "--country", "DE"]
        command = server.command("db", "-c", server.conf(part), "init", part, *options)
        run(command, env=server.environment(), log=f"template-{rung}")
    _uninstall(part, UNWANTED, f"template-{rung}-out")
    _finish(part, template)


def _uninstall(database: str, modules: list[str], log: str) -> None:
    names = ", ".join(f"'{module}'" for module in modules)
    query = f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ({names})"
    if found := postgres.sql(query, database):
        server.uninstall(database, found, log)


def manifest(addon: str) -> dict[str, Any]:
    """What an add-on's manifest says."""
    text = (paths.ADDONS / addon / "__manifest__.py").read_text()
    values: dict[str, Any] = ast.literal_eval(text)
    return values


def closure(addons: list[str]) -> set[str]:
    """The add-ons and all that they depend on within this repository."""
    own = set(paths.addon_names())
    found: set[str] = set()
    todo = [addon for addon in addons if addon in own]
    while todo:
        if (addon := todo.pop()) not in found:
            found.add(addon)
            todo += own & set(manifest(addon).get("depends", []))
    return found


def fingerprint(addon: str) -> str:
    """A hash of the files that make an add-on in a database (tests and texts do not)."""
    folder = paths.ADDONS / addon
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".md") and "tests" not in path.parts:
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def with_addons(addons: list[str]) -> str:
    """A template that has these add-ons too; made anew when one of their files changed."""
    glue = [name for name in paths.addon_names() if manifest(name).get("auto_install")]
    prints = [fingerprint(name) for name in sorted(closure([*addons, *glue]))]
    group = hashlib.sha256(",".join(sorted(addons)).encode()).hexdigest()[:8]
    state = hashlib.sha256(repr([name_of("full"), prints]).encode()).hexdigest()[:10]
    template = f"own_{group}_{state}"
    with lock(f"template-own-{group}"):
        if not postgres.exists(template):
            _drop_group(f"own_{group}_")
            part = f"{template}_part"
            copy(part)
            say(f"installing {', '.join(addons)}")
            server.install(part, addons, log=template)
            _finish(part, template)
    return template


def copy_with(database: str, addons: list[str]) -> None:
    """Make a database that has these add-ons."""
    drop(database)
    for attempt in range(3):
        template = with_addons(addons)
        copy_filestore(template, database)
        try:
            postgres.create(database, template)
        except Trouble:
            # Another process may have replaced the template this very moment.
            if attempt == 2 or postgres.exists(template):
                raise
        else:
            return


def needs_of(modules: set[str]) -> set[str]:
    """The modules and everything they need, by the manifests of Odoo's own add-ons."""
    found: set[str] = set()
    todo = list(modules)
    folders = odoo_folders()
    while todo:
        if (module := todo.pop()) in found:
            continue
        found.add(module)
        for folder in folders:
            if (path := folder / module / "__manifest__.py").exists():
                todo += ast.literal_eval(path.read_text()).get("depends", ["base"])
    return found


def odoo_folders() -> list[Path]:
    """Where Odoo's own add-ons are: beside its code and, in a source tree, in addons/."""
    home = Path((paths.site_packages() / "odoo_src.pth").read_text().strip())
    return [home / "odoo" / "addons", home / "addons"]


def rung_below(modules: set[str]) -> str:
    """The highest rung that installs nothing beyond these modules and what those need."""
    allowed = needs_of(modules)
    best = "base"
    for rung, names in LADDER.items():
        if not set(names) <= allowed:
            break
        best = rung
    return best
