"""Is a document what its schema says? Asked before it leaves.

Schemas shipped with the product are in ``xsd/``; a shipper may have one of his own, which is
somebody else's file: it may not fetch other files, neither from here nor from the network.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from lxml import etree

from odoo.addons.automation_core.lib import errors, safe_xml
from odoo.addons.automation_core.lib.safe_xml import BadXml, Fault
from odoo.addons.automation_core.lib.texts import Marker

from .sentences import Problem, bare, problem_of

_lt = Marker(__name__)

FOLDER: Final = Path(__file__).parent / "xsd"
OPENTRANS: Final = "opentrans-2.1"
UBL_ORDER: Final = "ubl-2.1-order"
UBL_DESPATCH: Final = "ubl-2.1-despatch-advice"
SHIPPED: Final = {
    OPENTRANS: FOLDER / "opentrans-2.1" / "opentrans_2_1.xsd",
    UBL_ORDER: FOLDER / "ubl-2.1" / "maindoc" / "UBL-Order-2.1.xsd",
    UBL_DESPATCH: FOLDER / "ubl-2.1" / "maindoc" / "UBL-DespatchAdvice-2.1.xsd",
}
MAX_SCHEMA: Final = 2 * 1024 * 1024
MAX_DOCUMENT: Final = 64 * 1024 * 1024
MAX_PROBLEMS: Final = 20
_XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
_FETCHING: Final = ("import", "include", "redefine", "override")
_HINT: Final = _lt("Attach one file that holds the whole schema, or leave the schema out.")


class SchemaError(errors.Rejected):
    """A schema cannot be used."""


@dataclass(frozen=True, slots=True)
class Schema:
    """A compiled schema. Its log is one for all, so one thread at a time may ask it."""

    compiled: etree.XMLSchema
    lock: Any

    def problems(self, root: etree._Element) -> list[Problem]:
        """Return what the schema has against a document, in the order of its lines."""
        with self.lock:
            if self.compiled.validate(root):
                return []
            log: Any = self.compiled.error_log
            found = dict.fromkeys(problem_of(entry) for entry in islice(log, MAX_PROBLEMS))
        return list(found)


class _OnlyHere(etree.Resolver):
    """Lets a shipped schema read its neighbours and nothing else."""

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        path = Path(system_url.removeprefix("file://")).resolve()
        if path.is_relative_to(FOLDER.resolve()) and path.is_file():
            opener: Any = self
            return opener.resolve_filename(str(path), context)
        raise OSError(system_url)


class _Nothing(etree.Resolver):
    """Lets a schema read nothing beside itself."""

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:
        raise OSError(system_url)


def validate(document: bytes, schema: str | bytes) -> list[Problem]:
    """Return what is wrong with a document; nothing is wrong when the list is empty.

    :param schema: the name of a shipped one, or the content of one that a user attached
    :raises SchemaError: the schema itself cannot be used
    """
    used = shipped(schema) if isinstance(schema, str) else attached(schema)
    try:
        root = safe_xml.root(document, max_bytes=MAX_DOCUMENT, long_texts=True)
    except BadXml as error:
        return [Problem(error.line, _UNREADABLE[error.fault])]
    try:
        return used.problems(root)
    except etree.LxmlError as error:  # the validator gave up: a pattern with endless ways to fit
        raise SchemaError(
            _lt(
                "The schema is too complicated to be checked: %(problem)s",
                problem=_first_line(error),
            ),
            _HINT,
        ) from error


@lru_cache(maxsize=len(SHIPPED))
def shipped(name: str) -> Schema:
    """Return a schema of the product, compiled once per process.

    :raises SchemaError: there is none of that name
    """
    if name not in SHIPPED:
        raise SchemaError(_lt("There is no schema “%(name)s”.", name=name[:60]))
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    parser.resolvers.add(_OnlyHere())
    return _compiled(etree.parse(str(SHIPPED[name]), parser))


@lru_cache(maxsize=16)
def attached(content: bytes) -> Schema:
    """Return a schema that a user attached.

    :raises SchemaError: it is too large, no schema, or needs other files
    """
    try:
        root = safe_xml.root(content, max_bytes=MAX_SCHEMA)
    except BadXml as error:
        raise SchemaError(
            _lt("The schema cannot be read: %(problem)s", problem=_UNREADABLE[error.fault]), _HINT
        ) from error
    if root.tag != f"{_XSD}schema":
        raise SchemaError(_lt("The attached file is no XML schema (XSD)."), _HINT)
    for element in root.iter(*(f"{_XSD}{name}" for name in _FETCHING)):
        raise SchemaError(
            _lt(
                "The schema wants another file (line %(line)s: “%(name)s”); only a single file "
                "is used.",
                line=element.sourceline or 0,
                name=safe_xml.local(element),
            ),
            _HINT,
        )
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    parser.resolvers.add(_Nothing())
    try:
        return _compiled(etree.ElementTree(etree.fromstring(etree.tostring(root), parser)))
    except (etree.LxmlError, OSError, ValueError) as error:
        raise SchemaError(
            _lt("The schema is not valid: %(problem)s", problem=_first_line(error)), _HINT
        ) from error


def _compiled(tree: etree._ElementTree) -> Schema:
    return Schema(etree.XMLSchema(tree), threading.Lock())


def _first_line(error: Exception) -> str:
    first = (str(error).splitlines() or [""])[0]
    said = bare(re.sub(r", line \d+$", "", first)).rstrip(".")[:300]
    return f"{said} ({found[0]})." if (found := re.search(r"line \d+$", first)) else f"{said}."


_UNREADABLE: Final = {
    Fault.TOO_LARGE: _lt("The file is too large."),
    Fault.EMPTY: _lt("The file is empty."),
    Fault.DOCTYPE: _lt("The file brings a document type of its own; such files are refused."),
    Fault.CHARACTERS: _lt("The file is written in other characters than it says."),
    Fault.CUT_OFF: _lt("The file is cut off before its end."),
    Fault.BROKEN: _lt("The file is not valid XML."),
}
