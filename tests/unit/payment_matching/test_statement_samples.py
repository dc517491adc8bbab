"""Public samples of many banks: every file gives what was counted by two other ways."""

import json
from decimal import Decimal

import pytest
from payment_matching.lib.statement.keys import dedupe
from payment_matching.lib.statement.read import read_statements

from tests.conftest import SHARED

SAMPLES = SHARED / "samples" / "bank"
EXPECTED = SAMPLES / "expected.json"
FILES = json.loads(EXPECTED.read_text()) if EXPECTED.is_file() else []
if isinstance(FILES, dict):
    FILES = FILES["files"]

pytestmark = pytest.mark.skipif(not FILES, reason="not here: the samples beside the checkout")


@pytest.fixture(params=FILES, ids=lambda sample: sample["file"])
def sample(request):
    return request.param


def read(sample):
    path = SAMPLES / sample["file"]
    return read_statements(path.name, path.read_bytes())


def all_lines(sample):
    return [line for statement in read(sample) for line in statement.lines]


def test_count_sum_and_pending(sample):
    lines = all_lines(sample)
    assert len(read(sample)) == sample["statements"]
    assert len({line.batch or line.key for line in lines}) == sample["transactions"]
    assert sum((line.amount for line in lines), Decimal(0)) == Decimal(sample["sum"])
    assert sum(statement.pending for statement in read(sample)) == sample["pending"]


def test_details_are_lines_where_they_add_up(sample):
    expected = sample.get("details", sample["transactions"])
    if sample["file"] == "genkgo-camt054.v2.xml":
        expected = 1  # its details have no amounts of their own
    assert len(all_lines(sample)) == expected


def test_reading_again_adds_nothing(sample):
    lines = all_lines(sample)
    assert len({line.key for line in lines}) == len(lines)
    assert [line.key for line in all_lines(sample)] == [line.key for line in lines]
    assert dedupe(lines, all_lines(sample)) == ()


def test_balances_are_checked(sample):
    """A shortened sample is told of, but taken."""
    both = all(None not in (s.opening, s.closing) for s in read(sample))
    told = any("balances" in problem for s in read(sample) for problem in s.problems)
    if sample["balance_closes"] is not None and both:
        assert told is not sample["balance_closes"]


def test_every_line_has_a_currency_and_what_it_came_from(sample):
    for line in all_lines(sample):
        assert len(line.currency) == 3
        assert line.raw


def test_all_files_are_listed():
    found = {path.name for path in SAMPLES.iterdir() if path.suffix in {".sta", ".xml"}}
    assert found == {sample["file"] for sample in FILES}
