"""Whatever a file holds: its statements or a StatementError, in bounded time."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payment_matching.lib.statement.keys import dedupe
from payment_matching.lib.statement.model import Statement, StatementError
from payment_matching.lib.statement.read import read_statements

from tests.conftest import SHARED
from tests.unit.payment_matching.statement_files import DAY, Booking, camt, mt940, zipped
from tests.unit.payment_matching.test_statement_csv import COMDIRECT, DKB, SPARKASSE

SAMPLES = SHARED / "samples" / "bank"
PARTS = Booking("100.00", parts=(Booking("40.00"), Booking("60.00")))
FILES = [
    camt((*DAY, PARTS), opening="1.00"), camt(kind="052", version="001.02"), mt940(),
    mt940(umlauts=False, end="\n"), zipped(a=camt(), b=mt940()), SPARKASSE.encode("cp1252"),
    DKB.encode(), COMDIRECT.encode(),
    *(path.read_bytes() for path in sorted(SAMPLES.glob("*")) if path.suffix in {".sta", ".xml"}),
]  # fmt: skip
WORDS = [
    b":61:", b":86:", b":20:", b":62F:", b"\n", b"\r", b"-\n", b"?20", b"SVWZ+", b"EREF+", b"{4:",
    b"<Ntry>", b"</Ntry>", b"<Amt>", b"1e999", b"-", b"99999999999999999999999", b"NaN", b"\x00",
    b"<Dt>0000-00-00</Dt>", b"<Dt>9999-12-31T23:00:00Z</Dt>", b"\xff", b"\xfe\xff", b"&", b"]]>",
    b";;;", b'"', b"31.02.2026", b"000000", b"991231", b"D0,", b"\xe2\x80\xae", b",", b".",
]  # fmt: skip
TIME = 3


def understood(content):
    """The statements, or None for a file that is refused with a sentence."""
    try:
        return read_statements("file", content)
    except StatementError as error:
        if not (str(error) and error.hint):
            raise
        return None


def check(content):
    begin = time.monotonic()
    statements = understood(content)
    if statements is not None:
        assert all(isinstance(statement, Statement) for statement in statements)
        for statement in statements:
            keys = [line.key for line in statement.lines]
            assert len(set(keys)) == len(keys)
            assert all(line.amount.is_finite() and line.date for line in statement.lines)
            assert dedupe(statement.lines, statement.lines) == ()
            assert dedupe((), statement.lines) == statement.lines
    assert time.monotonic() - begin < TIME


change = st.tuples(
    st.floats(0, 1), st.sampled_from(["cut", "insert", "replace", "delete", "double"]),
    st.sampled_from(WORDS) | st.binary(max_size=8), st.integers(1, 300),
)  # fmt: skip


def changed(content, changes):
    for share, action, piece, length in changes:
        place = int(share * len(content))
        head, tail = content[:place], content[place:]
        if action == "cut":
            content = head
        elif action == "insert":
            content = head + piece + tail
        elif action == "replace":
            content = head + piece + tail[len(piece) :]
        elif action == "delete":
            content = head + tail[length:]
        else:
            content = head + tail[:length] + tail
    return content


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(range(len(FILES))), st.lists(change, min_size=1, max_size=5))
def test_files_gone_wrong(number, changes):
    check(changed(FILES[number], changes))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(content):
    check(content)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=6), max_size=60))
def test_words_of_the_formats_in_any_order(words):
    check(b":20:A\n:25:1\n" + b"".join(words))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=12), max_size=40))
def test_any_csv(cells):
    rows = [cells[place : place + 3] for place in range(0, len(cells), 3)]
    text = "Buchungstag;Betrag;Verwendungszweck\n" + "\n".join(";".join(row) for row in rows)
    check(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "content",
    [
        b":20:A\n:25:1\n:61:" + b"2" * 200_000,
        b":20:A\n:25:1\n:61:261120C1,00NTRF\n:86:166?20" + b"SVWZ+" * 40_000,
        b":20:A\n:25:1\n:61:261120C1,00NTRF\n:86:" + b"/NAME/" * 40_000,
        b":20:A\n:25:1\n:61:261120C1,00NTRF\n:86:" + b"?20a" * 40_000,
        b"{1:" * 60_000 + b"\n:20:A\n:61:261120C1,00NTRF\n",
        b":20:A\n" * 60_000,
        b":20:A\n:25:1\n:61:261120C1,00NTRF\n:86:x\n" + b":20:15 Uhr\n" * 30_000,
        b"Buchungstag;Betrag;Verwendungszweck\n20.11.2026;1,00;" + b"Auftraggeber: " * 7000,
        b"Buchungstag;Betrag\n" + b"20.11.2026;1,00\n" * 30_000,
        b'"' * 100_000 + b"\n;",
        camt((Booking("1.00", text="x" * 100_000),)),
        camt((DAY[2],) * 3000),
    ],
    ids=range(12),
)
def test_long_files_take_no_longer_than_their_length(content):
    begin = time.monotonic()
    for statement in understood(content) or ():
        dedupe(statement.lines, statement.lines)
    assert time.monotonic() - begin < 10
