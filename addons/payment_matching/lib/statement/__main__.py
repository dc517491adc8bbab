"""Print what a statement file says: ``python -m payment_matching.lib.statement FILE``.

Runs from the folder of the add-ons. Prints JSON: a list of statements. Ends with 2 and a sentence
for a file that cannot be taken.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any


def main(arguments: list[str]) -> int:
    """Read a file and print it."""
    parser = argparse.ArgumentParser(prog="payment_matching.lib.statement", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--columns", help="map of a CSV file as JSON: {field: heading}")
    options = parser.parse_args(arguments)

    from .model import ColumnMap, StatementError
    from .read import read_statements

    columns = ColumnMap(json.loads(options.columns)) if options.columns else None
    try:
        content = options.file.read_bytes()
        statements = read_statements(options.file.name, content, columns=columns)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except StatementError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        return 2
    found = [_object(statement) for statement in statements]
    json.dump(found, sys.stdout, default=_plain, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
    return 0


def _object(statement: object) -> dict[str, object]:
    """Return a statement with short names for what is asked for most."""
    found: dict[str, Any] = asdict(statement)  # type: ignore[call-overload]
    short = {"payer_name": "payer", "payer_iban": "iban"}
    found["lines"] = [
        {short.get(name, name): value for name, value in line.items()} for line in found["lines"]
    ]
    return found


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
