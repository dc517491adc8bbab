"""What is no statement is refused in the user's words, whole, and without harm."""

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from payment_matching.lib.statement import archive, read
from payment_matching.lib.statement.model import StatementError
from payment_matching.lib.statement.read import read_statements

from tests.unit.payment_matching.statement_files import DAY, camt, mt940, zipped

ADDONS = Path(__file__).resolve().parents[3] / "addons"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]><Document><BkToCstmrStmt>&c;</BkToCstmrStmt></Document>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Document><BkToCstmrStmt><Stmt><Id>&x;</Id></Stmt></BkToCstmrStmt></Document>"""


def locked():
    """A zip archive that says it is encrypted."""
    content = bytearray(zipped(a=camt()))
    content[6] |= 1
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def spreadsheet():
    return zipped(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})


def bomb():
    return zipped(a=b"\0" * (archive.MAX_TOTAL // 8))


def liar():
    """A zip archive whose file is larger than it says."""
    content = bytearray(zipped(a=b"x" * 5000))
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(content)


BAD = {
    "empty": (b"", "empty"),
    "blank": (b" \r\n\t ", "empty"),
    "only a mark": (b"\xef\xbb\xbf", "empty"),
    "pdf": (b"%PDF-1.7 ...", "PDF"),
    "web page": (b"<!DOCTYPE html><html><body>Please log in</body></html>", "web page"),
    "web page with a head": (b'<?xml version="1.0"?><html xmlns="x"/>', "web page"),
    "xlsx": (spreadsheet(), "spreadsheet"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "spreadsheet"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "no bank statement"),
    "noise": (bytes(range(256)) * 3, "columns|CSV|headings|statement"),
    "a sentence": (b"Dear customer", "no bank statement"),
    "other xml": (b"<Invoice><ID>1</ID></Invoice>", "no bank statement"),
    "cut": (camt()[:-300], "cut off"),
    "cut in a tag": (camt()[:-5], "cut off"),
    "cut after a tag": (camt()[: camt().index(b"</Stmt>") + 7], "cut off"),
    "wrong characters": (camt().decode().encode("latin-1"), "other characters"),
    "unknown characters": (camt().replace(b"UTF-8", b"X-ABC"), "other characters"),
    "not xml": (b"<Document><a></b></Document>", "not valid XML"),
    "entities": (LAUGHS, "document type"),
    "outside entities": (OUTSIDE, "document type"),
    "entities in utf-16": (LAUGHS.decode().encode("utf-16"), "document type"),
    "deep": (b"<a>" * 5000 + b"</a>" * 5000, "not valid XML"),
    "cut zip": (zipped(a=camt())[:-40], "damaged"),
    "zip of zip": (zipped(a=zipped(b=camt())), "another archive"),
    "zip of nothing": (zipped(), "statement|CSV|headings"),
    "zip of a pdf": (zipped(**{"a.pdf": b"%PDF"}), "no statement"),
    "zip with a pdf in disguise": (zipped(a=camt(), b=b"%PDF-1.4"), "PDF"),
    "locked zip": (locked(), "password"),
    "bomb": (bomb(), "far larger"),
    "lying zip": (liar(), "larger|damaged"),
    "mt940 without bookings' amounts": (b":20:A\n:25:1\n:28C:1\n:61:26112\n-\n", "cannot be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_words(name):
    content, words = BAD[name]
    begin = time.monotonic()
    with pytest.raises(StatementError, match=words) as caught:
        read_statements("file", content)
    assert time.monotonic() - begin < 5
    assert str(caught.value).endswith((".", "…", "?", ").", "”.")) or ":" in str(caught.value)
    assert caught.value.hint
    assert "/etc" not in str(caught.value)
    assert "root:" not in str(caught.value)


def test_too_large(monkeypatch):
    monkeypatch.setattr(read, "MAX_SIZE", 100)
    with pytest.raises(StatementError, match="too large"):
        read_statements("file", camt())


def test_too_many_files(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 1)
    with pytest.raises(StatementError, match="far larger"):
        read_statements("file", zipped(a=camt(), b=mt940()))


def test_one_bad_file_refuses_the_archive():
    with pytest.raises(StatementError):
        read_statements("file", zipped(a=camt(), b=camt()[:-100]))


def test_an_archive_of_several_ways_has_the_same_keys():
    content = zipped(**{"b.xml": camt(), "a.sta": mt940(), "a.pdf": b"%PDF"})
    first, second = read_statements("file", content)
    assert [line.key for line in first.lines] == [line.key for line in second.lines]


def test_an_old_archive_without_an_entry_list_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("folder/", "")
    with pytest.raises(StatementError, match="no statement"):
        read_statements("file", buffer.getvalue())


def command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "payment_matching.lib.statement", *map(str, arguments)],
        cwd=ADDONS, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command_prints_json(tmp_path):
    path = tmp_path / "day.xml"
    path.write_bytes(camt(DAY[:2]))
    result = command(path)
    assert result.returncode == 0, result.stderr
    (statement,) = json.loads(result.stdout)
    assert statement["account"] == "DE89370400440532013000"
    line = statement["lines"][0]
    assert line["amount"] == "119.00"
    assert line["date"] == "2026-11-20"
    assert (line["payer"], line["iban"]) == ("Jürgen Müßig-Ähren", "DE02120300000000202051")
    assert line["key"].startswith("bank:")
    assert "SO 2026/00123" in line["remittance"]


def test_the_command_says_what_is_wrong(tmp_path):
    path = tmp_path / "day.pdf"
    path.write_bytes(b"%PDF-1.4")
    result = command(path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "PDF" in result.stderr
    assert "Traceback" not in result.stderr
    assert command(tmp_path / "missing").returncode == 2
