#!/usr/bin/env python3
"""The add-ons' translatable terms: export them, merge them into the German file, check both.

Runs in the project's environment (Odoo and polib); scripts/dev and the checks call it.

  terms.py export CONF DATABASE FOLDER ADDON ...   write FOLDER/<addon>.pot
  terms.py merge FOLDER ADDON ...                  update i18n/<addon>.pot and i18n/de.po from it
  terms.py check FOLDER ADDON ...                  say what is stale, missing or untranslated
"""

import io
import re
import sys
from pathlib import Path

import polib

ADDONS = Path(__file__).resolve().parents[1] / "addons"
LANGUAGE = "de"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\{.*?\}\}")


def export(conf: str, database: str, folder: str, *addons: str) -> int:
    """Write the terms of installed add-ons, in one process."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config
    from odoo.tools.translate import trans_export

    config.parse_config(["-c", conf, "-d", database, "--log-level=error"])
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        for addon in addons:
            buffer = io.BytesIO()
            trans_export(False, [addon], buffer, "po", env)
            text = buffer.getvalue().decode()
            catalogue = _plain(polib.pofile(text) if text else polib.POFile(), addon)
            catalogue.save(str(Path(folder) / f"{addon}.pot"))
    return 0


def _plain(catalogue: polib.POFile, addon: str) -> polib.POFile:
    """The same terms under a header without dates, so that files only change with the terms."""
    catalogue.header = f"Translation of Odoo Server.\nThis file contains the terms of {addon}."
    catalogue.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "",
    }
    return catalogue


def _german(addon: str) -> Path:
    return ADDONS / addon / "i18n" / f"{LANGUAGE}.po"


def _usual() -> dict[str, str]:
    """How Odoo itself says it: every model repeats terms like "Followers" or "Created on"."""
    import odoo

    core = Path(next(iter(odoo.__path__))) / "addons"
    known: dict[str, str] = {}
    for addon in ("base", "stock", "account", "sale", "mail"):
        source = core / addon / "i18n" / f"{LANGUAGE}.po"
        if source.exists():
            known |= {entry.msgid: entry.msgstr for entry in polib.pofile(str(source))}
    return known


def merge(folder: str, *addons: str) -> int:
    """Bring an add-on's files up to its terms; translations that still fit are kept."""
    usual = _usual()
    for addon in addons:
        template = polib.pofile(str(Path(folder) / f"{addon}.pot"))
        target = _german(addon)
        if not template:
            continue
        target.parent.mkdir(exist_ok=True)
        template.save(str(target.with_name(f"{addon}.pot")))
        known = dict(usual)
        if target.exists():
            own = {entry.msgid: entry.msgstr for entry in polib.pofile(str(target))}
            known |= {term: text for term, text in own.items() if text}
        for entry in template:
            entry.msgstr = known.get(entry.msgid, "")
        template.metadata["Language"] = LANGUAGE
        template.metadata["Plural-Forms"] = "nplurals=2; plural=(n != 1);"
        template.save(str(target))
        empty = [entry.msgid for entry in template if not entry.msgstr]
        print(f"{addon}: {len(template)} terms, {len(empty)} without translation")
        for term in empty:
            print(f"  {term!r}")
    return 0


def problems(folder: Path, addon: str) -> list[str]:
    """What is wrong with an add-on's files, as sentences."""
    terms = {entry.msgid for entry in polib.pofile(str(folder / f"{addon}.pot"))}
    template = _german(addon).with_name(f"{addon}.pot")
    if not terms and not template.exists():
        return []
    if not template.exists() or not _german(addon).exists():
        return [f"{addon}: i18n/{addon}.pot or i18n/{LANGUAGE}.po is missing"]
    found = []
    written = {entry.msgid for entry in polib.pofile(str(template))}
    found += [f"{addon}.pot lacks {term!r}" for term in sorted(terms - written)]
    found += [
        f"{addon}.pot has, but the add-on has not: {term!r}" for term in sorted(written - terms)
    ]
    german = polib.pofile(str(_german(addon)))
    done = {entry.msgid for entry in german if entry.msgstr and "fuzzy" not in entry.flags}
    found += [f"{addon}: de.po does not translate {term!r}" for term in sorted(terms - done)]
    return found


def broken_placeholders(addon: str) -> list[str]:
    """Translations that lack a placeholder of their term, or have one it does not know."""
    if not _german(addon).exists():
        return []
    return [
        f"{entry.msgid!r} -> {entry.msgstr!r}"
        for entry in polib.pofile(str(_german(addon)))
        if entry.msgstr
        and sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]


def check(folder: str, *addons: str) -> int:
    """Print what is wrong; the exit code counts."""
    found = [line for addon in addons for line in problems(Path(folder), addon)]
    print("\n".join(found) or "all terms are exported and translated")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit({"export": export, "merge": merge, "check": check}[sys.argv[1]](*sys.argv[2:]))
