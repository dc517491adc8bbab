"""The matcher as a program: JSON in, JSON out, without Odoo."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ADDONS = Path(__file__).resolve().parents[3] / "addons"
PARTNERS = [
    {
        "id": 7,
        "name": "Sabine Müller",
        "contact": None,
        "customer_no": "K10001",
        "email": None,
        "known_ibans": ["DE02120300000000202051"],
        "city": "Köln",
    },
    {"id": "p8", "name": "Bäckerei Schäfer GmbH"},
]
ITEMS = [
    {
        "id": 42,
        "type": "invoice",
        "number": "RE/2026/00123",
        "shop_order_no": None,
        "partner": 7,
        "state": "open",
        "date": "2026-11-05",
        "amount": 119.0,
        "currency": "EUR",
        "payment_method": None,
        "cash_discount": None,
    },
    {
        "id": "i43",
        "type": "order",
        "number": "S00124",
        "partner": "p8",
        "state": "open",
        "date": "2026-11-05T10:00:00Z",
        "amount": "100.10",
        "currency": "EUR",
        "cash_discount": {"percent": 2, "until": "2026-11-30"},
    },
]
PAYMENTS = [
    {
        "id": 1,
        "source": "bank",
        "date": "2026-11-20",
        "amount": 119.0,
        "currency": "EUR",
        "payer_name": "Mueller Sabine",
        "remittance": "EREF+NOTPROVIDED\nSVWZ+Rechnung RE/20\n26/00123 danke",
    },
    {"id": "b", "date": "2026-11-20 08:15", "amount": "98.10", "payer_name": "BAECKEREI SCHAEFER"},
    {"id": "c", "date": "2026-11-20", "amount": -12.5, "payer_name": None, "remittance": None},
]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Run the command from the add-ons' folder, with no other path than that."""

    def call(partners: object, items: object, payments: object, *options: str) -> Any:
        parts = {"partners": partners, "items": items, "payments": payments}
        arguments = []
        for name, rows in parts.items():
            path = tmp_path / f"{name}.json"
            path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
            arguments += [f"--{name}", str(path)]
        out = tmp_path / "proposals.json"
        program = [sys.executable, "-X", "importtime", "-m", "payment_matching.lib.match"]
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            [*program, *arguments, "--out", str(out), *options],
            cwd=ADDONS,
            env=environment,
            capture_output=True,
            text=True,
        )
        noise, said = [], []
        for line in done.stderr.splitlines():
            (noise if line.startswith("import time:") else said).append(line)
        imported = {line.rsplit("|", 1)[-1].strip() for line in noise}
        rows = json.loads(out.read_text(encoding="utf-8")) if out.exists() else None
        return done.returncode, rows, "\n".join(said), imported

    return call


def test_the_form_of_the_answer(run: Any) -> None:
    code, rows, said, imported = run(PARTNERS, ITEMS, PAYMENTS)
    assert (code, said) == (0, "")
    assert [set(row) for row in rows] == [{"payment", "targets", "confidence", "rank"}] * 2
    assert [(row["payment"], row["targets"], row["rank"]) for row in rows] == [
        (1, [42], 1),
        ("b", ["i43"], 1),
    ]
    assert all(0.95 <= row["confidence"] <= 1 for row in rows)
    libraries = re.compile(r"odoo\.addons\.\w+\.lib\b")  # the add-ons' own, without Odoo
    assert not {
        name for name in imported if name.split(".")[0] == "odoo" and not libraries.match(name)
    }
    assert not imported & {"lxml", "requests", "psycopg2", "werkzeug"}


def test_reasons_and_notes(run: Any, tmp_path: Path) -> None:
    items = [ITEMS[0], ITEMS[1] | {"state": "paid", "cash_discount": None, "amount": 98.1}]
    notes = tmp_path / "notes.json"
    code, rows, _said, _imported = run(
        PARTNERS, items, PAYMENTS, "--reasons", "--notes", str(notes)
    )
    assert code == 0
    assert rows[0]["likely"] is True
    assert rows[0]["difference"] == rows[0]["discount"] == "0.00"
    number = rows[0]["reasons"][0]
    assert number["text"] == "Number RE/2026/00123 in the text."
    remittance = PAYMENTS[0]["remittance"]
    assert remittance[number["start"] : number["end"]] == "RE/20\n26/00123"
    assert json.loads(notes.read_text(encoding="utf-8")) == [
        {"payment": "b", "text": "S00124 is paid already: perhaps paid twice."}
    ]


def test_a_threshold_changes_the_pile_and_not_the_probability(run: Any) -> None:
    _code, rows, _said, _imported = run(PARTNERS, ITEMS, PAYMENTS, "--reasons")
    _code, strict, _said, _imported = run(
        PARTNERS, ITEMS, PAYMENTS, "--reasons", "--threshold", "0.99999"
    )
    assert [row["confidence"] for row in rows] == [row["confidence"] for row in strict]
    assert [row["likely"] for row in strict] == [False, False]


@pytest.mark.parametrize(
    ("partners", "items", "payments", "problem"),
    [
        ("[", ITEMS, PAYMENTS, "partners.json is no JSON"),
        (PARTNERS, {"items": []}, PAYMENTS, "items must be a list of records."),
        (PARTNERS, [1], PAYMENTS, "items[0] is no record."),
        (PARTNERS, ITEMS, [{"amount": 1}], "payments[0]: A record has no id."),
        (
            PARTNERS,
            ITEMS,
            [PAYMENTS[0], PAYMENTS[0] | {"amount": "12,x"}],
            "payments[1]: “amount” is no amount: '12,x'.",
        ),
        (
            PARTNERS,
            [ITEMS[0] | {"amount": None}],
            PAYMENTS,
            "items[0]: “amount” is no amount: None.",
        ),
        (
            PARTNERS,
            [ITEMS[0] | {"date": "5.11.2026"}],
            PAYMENTS,
            "items[0]: “date” is no date: '5.11.2026'.",
        ),
        (PARTNERS, [ITEMS[0] | {"amount": float("nan")}], PAYMENTS, "“amount” is no amount"),
    ],
)
def test_bad_input_is_one_clear_sentence(
    run: Any, partners: object, items: object, payments: object, problem: str
) -> None:
    code, rows, said, _imported = run(partners, items, payments)
    assert code == 2
    assert rows is None
    assert problem in said
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1


def test_a_file_that_is_not_there(run: Any) -> None:
    code, _rows, said, _imported = run(PARTNERS, ITEMS, PAYMENTS, "--partners", "/nowhere.json")
    assert code == 2
    assert said == "/nowhere.json cannot be read: No such file or directory."


def test_the_help_tells_the_form() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "payment_matching.lib.match", "--help"],
        cwd=ADDONS,
        capture_output=True,
        text=True,
        check=True,
    )
    for word in ("--partners", "--items", "--payments", "--out", "--reasons", "end_to_end_id"):
        assert word in done.stdout
