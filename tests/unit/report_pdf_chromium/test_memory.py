"""The browser does not grow."""

import subprocess
from pathlib import Path

import pytest
from report_pdf_chromium.lib.engine import Engine, Report
from report_pdf_chromium.lib.errors import NotFound
from report_pdf_chromium.lib.programs import find

ROWS = "".join(f"<tr><td>Zeile {n}</td><td>{n},00 €</td></tr>" for n in range(400))


def proportional_size(group: int) -> int:
    """Memory of all processes of the browser in MB, shared pages counted once."""
    pids = subprocess.run(["ps", "-o", "pid=", "-g", str(group)], capture_output=True, text=True)
    total = 0
    for pid in pids.stdout.split():
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total // 1024


def test_memory_stays_flat() -> None:
    try:
        engine = Engine(find())
    except NotFound:
        pytest.skip("no Chromium on this machine")
    report = Report([f"<html><head></head><body><table>{ROWS}</table></body></html>"] * 4)
    try:
        for _ in range(10):
            engine.render(report, lambda url: None)
        before = proportional_size(engine.pid)
        for _ in range(50):
            engine.render(report, lambda url: None)
        assert proportional_size(engine.pid) < before + 120
    finally:
        engine.close()
