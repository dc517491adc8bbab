"""The plain way: a document's number stands in the text and the amount is equal.

  python bench/matching/baseline.py --partners P --items I --payments Z --out proposals.json

As Odoo's old rule did: the only document of the exact number is proposed, likely when the amount is
equal; without a number the only one of that amount is proposed as unlikely.
"""

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def _key(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def propose(items: list[Row], payments: list[Row]) -> list[Row]:
    """At most one proposal for each incoming payment."""
    numbers: dict[str, Row] = {}
    amounts: dict[float, list[Row]] = defaultdict(list)
    for item in items:
        if item["state"] == "open":
            amounts[item["amount"]].append(item)
            for number in filter(None, (item["number"], item["shop_order_no"])):
                numbers[_key(number)] = item
    return [found for payment in payments if (found := _one(payment, numbers, amounts))]


def _one(payment: Row, numbers: dict[str, Row], amounts: dict[float, list[Row]]) -> Row | None:
    if payment["amount"] <= 0:
        return None
    text = f"{payment['remittance']} {payment['end_to_end_id']} {payment['invoice_id']}"
    words = [_key(word) for word in text.replace("+", " ").split()]
    named = {numbers[word]["id"]: numbers[word] for word in words if word in numbers}
    equal = [item for item in named.values() if item["amount"] == payment["amount"]]
    if len(equal) == 1:
        return _proposal(payment, equal[0], 0.97)
    if len(named) == 1:
        return _proposal(payment, next(iter(named.values())), 0.6)
    same = amounts.get(payment["amount"], [])
    return _proposal(payment, same[0], 0.3) if len(same) == 1 else None


def _proposal(payment: Row, item: Row, confidence: float) -> Row:
    return {
        "payment": payment["id"],
        "targets": [item["id"]],
        "confidence": confidence,
        "rank": 1,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Exact number and amount.")
    for name in ("partners", "items", "payments", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    items, payments = (
        json.loads(p.read_text(encoding="utf-8")) for p in (args.items, args.payments)
    )
    args.out.write_text(json.dumps(propose(items, payments), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
