"""Command: partners, items and payments as JSON in, proposals as JSON out."""

from __future__ import annotations

import argparse
import gc
import json
import sys
from pathlib import Path

from odoo.addons.automation_core.lib.errors import Rejected
from odoo.addons.automation_core.lib.texts import Marker

from . import exchange
from .matcher import Matcher

_lt = Marker(__name__)

FORMAT = """\
partners  id, name, contact, customer_no, email, known_ibans, city
items     id, type (order|invoice), number, shop_order_no, partner, state (open|paid), date,
          amount (what is open), currency, payment_method,
          cash_discount {percent, until} or null; also understood: direction (in|out), references,
          total
payments  id, source (bank|paypal), date, amount (minus: outgoing), currency, payer_name,
          payer_iban, end_to_end_id, remittance, code, fee, invoice_id, payer_email, reference_id
output    [{"payment", "targets": [ids], "confidence", "rank"}], ranks 1-3; no row: nothing fits
Amounts are numbers or texts ("119.00"), dates are ISO; missing keys and null mean empty.
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m payment_matching.lib.match",
        description="Propose which open documents payments pay. Run it from the add-ons' folder.",
        epilog=FORMAT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name in ("partners", "items", "payments"):
        parser.add_argument(f"--{name}", type=Path, required=True, help="JSON file: a list")
    parser.add_argument("--out", type=Path, required=True, help="JSON file to write; - prints it")
    parser.add_argument(
        "--threshold",
        type=float,
        default=0.95,
        help="confidence from which a proposal is likely (default: %(default)s)",
    )
    parser.add_argument(
        "--reasons", action="store_true", help="also write likely, difference, discount, reasons"
    )
    parser.add_argument("--notes", type=Path, help="JSON file for why payments have no proposal")
    return parser.parse_args()


def _load(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Rejected(
            _lt("%(path)s cannot be read: %(error)s.", path=str(path), error=error.strerror or "")
        ) from None
    except ValueError as error:
        raise Rejected(
            _lt("%(path)s is no JSON: %(error)s.", path=str(path), error=str(error))
        ) from None


def _ids(rows: object, kind: str) -> dict[str, object]:
    assert isinstance(rows, list)
    return {f"{kind} {row['id']}": row["id"] for row in rows}


def _write(path: Path, rows: object) -> None:
    text = json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if str(path) == "-":
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")


def run(arguments: argparse.Namespace) -> None:
    """Read, match, write."""
    items, payments = _load(arguments.items), _load(arguments.payments)
    matcher = Matcher(
        exchange.read_all(_load(arguments.partners), exchange.partner, "partners"),
        exchange.read_all(items, exchange.item, "items"),
        threshold=arguments.threshold,
    )
    gc.freeze()  # the indexes stay: do not look through them again and again
    proposals, notes = matcher.propose(exchange.read_all(payments, exchange.payment, "payments"))
    ids = _ids(items, "item") | _ids(payments, "payment")
    _write(arguments.out, exchange.written(proposals, ids, arguments.reasons))
    if arguments.notes:
        rows = [{"payment": ids[f"payment {note.payment}"], "text": note.text} for note in notes]
        _write(arguments.notes, rows)


def main() -> int:
    """Run the command; problems are one line on stderr."""
    try:
        run(_arguments())
    except Rejected as error:
        sys.stderr.write(f"{error.message}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
