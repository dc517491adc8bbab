"""The engine with a real Chromium."""

import contextlib
import glob
import http.server
import io
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from report_pdf_chromium.lib import engine as engine_module
from report_pdf_chromium.lib.browser import Resource
from report_pdf_chromium.lib.engine import Engine, Report
from report_pdf_chromium.lib.errors import ChromiumError, Crashed, NotFound, Refused
from report_pdf_chromium.lib.paper import Paper
from report_pdf_chromium.lib.process import PREFIX, remove_stale_profiles
from report_pdf_chromium.lib.programs import find

PAGE = "<html><head>{head}</head><body class='b'>{body}</body></html>"
HEADERS = '<div id="minimal_layout_report_headers">{}</div>'
FOOTERS = '<div id="minimal_layout_report_footers">{}</div>'


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    try:
        program = find()
    except NotFound:
        pytest.skip("no Chromium on this machine")
    one = Engine(program, seconds=30)
    yield one
    one.close()


def nothing(url: str) -> Resource | None:
    return None


def page(body: str, head: str = "") -> str:
    return PAGE.format(head=head, body=body)


def texts(pdf: bytes) -> list[str]:
    """The text of every page, without white space (small print is set letter by letter)."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return ["".join(sheet.extract_text().split()) for sheet in reader.pages]


def table(rows: int) -> str:
    lines = "".join(f"<tr><td>Zeile {n} oben<br>mitte<br>{n} unten</td></tr>" for n in range(rows))
    return f"<table><thead><tr><th>Kopf</th></tr></thead><tbody>{lines}</tbody></table>"


def test_header_footer_numbers_and_umlauts(engine: Engine) -> None:
    header = page(HEADERS.format("<div>Gänsemarkt</div>"))
    footer = page(
        FOOTERS.format(
            '<div>Seite <span class="page"></span> von <span class="topage"></span></div>'
        )
    )
    pdf = engine.render(Report([page(table(60))], header, footer), nothing)
    pages = texts(pdf)
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert "Gänsemarkt" in text
        assert f"Seite{number}von{len(pages)}" in text
        assert "Kopf" in text


def test_rows_stay_whole(engine: Engine) -> None:
    for text in texts(engine.render(Report([page(table(60))]), nothing)):
        starts = {n for n in range(60) if f"Zeile{n}oben" in text}
        ends = {n for n in range(60) if f"mitte{n}unten" in text}
        assert starts == ends


def test_white_space_at_the_end_makes_no_page(engine: Engine) -> None:
    # 297 mm less 45 and 40 mm for header and footer: the text just fits, its margin does not
    text = '<div style="overflow: hidden"><p style="height: 785px">Text</p><br></div>'
    head = "<style>p { margin: 0 0 24px }</style>"
    paper = Paper(top=45, bottom=40)
    assert len(texts(engine.render(Report([page(text, head)], paper=paper), nothing))) == 1


def test_documents_get_bookmarks_at_their_first_pages(engine: Engine) -> None:
    bodies = [page(table(60)), page("<p>Zwei</p>"), page(table(30))]
    footer = page(FOOTERS.format('<i class="page"></i>' * 3))
    pdf = engine.render(Report(bodies, "", footer), nothing)
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    starts, node = [], root["/Outlines"]["/First"]
    while node:
        starts.append(root["/Dests"][node["/Dest"]][0])
        node = node.get("/Next")
    pages = texts(pdf)
    second = next(number for number, text in enumerate(pages) if "Zwei" in text)
    assert starts == [0, second, second + 1]


def test_swallowing_document_is_printed_alone(engine: Engine) -> None:
    bodies = [page("<p>Eins</p><plaintext>"), page("<p>Zwei</p>"), page("<p>Drei</p>")]
    pages = texts(engine.render(Report(bodies), nothing))
    assert [word in text for word, text in zip(("Eins", "Zwei", "Drei"), pages, strict=True)] == [
        True,
        True,
        True,
    ]
    assert "Zwei" not in pages[0]


def test_document_cannot_write_on_the_pages_of_another(engine: Engine) -> None:
    evil = (
        '<p>Zwei</p><b style="position:fixed;top:0">EVIL</b>'
        '<b style="position:absolute;top:-200mm">EVIL</b>'
    )
    pages = texts(engine.render(Report([page("<p>Eins</p>"), page(evil)]), nothing))
    assert "EVIL" not in pages[0]


def test_wide_table_is_made_smaller_not_cut(engine: Engine) -> None:
    cells = "".join(f"<td style='min-width:80px'>c{n}</td>" for n in range(20))
    wide = page(f"<table><tr>{cells}</tr></table>")
    pdf = engine.render(Report([wide, page("<p>x</p>")]), nothing)
    sheet = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    places: list[float] = []

    def visit(text: str, user: list[float], matrix: list[float], *_rest: object) -> None:
        if text.strip():
            places.append(matrix[4] * user[0] + user[4])

    sheet.extract_text(visitor_text=visit)
    assert "c19" in "".join(sheet.extract_text().split())
    assert max(places) < float(sheet.mediabox.width) - 20


def test_paper_and_landscape(engine: Engine) -> None:
    pdf = engine.render(Report([page("x")], paper=Paper(width=297, height=210)), nothing)
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (297, 210)


def test_label_without_header_is_a_single_layer(engine: Engine) -> None:
    paper = Paper(width=60, height=30, top=0, bottom=0, left=0, right=0, header_spacing=0, dpi=96)
    pdf = engine.render(Report([page("<p>Etikett</p>")], paper=paper), nothing)
    sheet = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    assert list(sheet["/Resources"]["/XObject"]) == ["/L0"]
    assert "Etikett" in texts(pdf)[0]


def test_fonts_of_pages_are_out_of_reach_of_odoos_step_to_pdf_a(engine: Engine) -> None:
    for sheet in pypdf.PdfReader(io.BytesIO(engine.render(Report([page("x")]), nothing))).pages:
        assert not sheet["/Resources"]["/Font"]


def test_styles_and_pictures_come_from_this_process(engine: Engine) -> None:
    asked: list[str] = []

    def resolve(url: str) -> Resource | None:
        asked.append(url.partition("report.invalid")[2])
        if url.endswith(".css"):
            return Resource(b"p::after { content: 'ausdemstil' }", "text/css", lasting=True)
        return None

    head = '<base href="http://shop.example/"/><link rel="stylesheet" href="/x.css"/>'
    report = Report([page("<p>x</p><img src='/web/image/1'>", head)], scope="a")
    assert "ausdemstil" in texts(engine.render(report, resolve))[0]
    assert sorted(asked) == ["/web/image/1", "/x.css"]
    engine.render(report, resolve)
    assert asked.count("/x.css") == 1, "styles are kept by the browser"
    assert asked.count("/web/image/1") == 2, "pictures are not"
    engine.render(Report(report.bodies, scope="b"), resolve)
    assert asked.count("/x.css") == 2, "another database shares nothing"


def test_missing_style_sheet_is_an_error_not_an_ugly_page(engine: Engine) -> None:
    body = page("x", '<link rel="stylesheet" href="/gone.css"/>')
    with pytest.raises(Refused, match=r"gone\.css"):
        engine.render(Report([body], scope="c"), nothing)


class Trap(http.server.BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"p::after { content: 'VON AUSSEN' }")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def trap() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Trap.hits.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_hostile_page_reads_no_file_and_reaches_no_server(
    engine: Engine, trap: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("GEHEIM")
    style = tmp_path / "secret.css"
    style.write_text("p::after { content: 'GEHEIM' }")
    hostile = f"""
      <p>sichtbar</p>
      <iframe src="file://{secret}"></iframe><iframe src="{trap}/iframe"></iframe>
      <iframe srcdoc="<script>document.write('SKRIPT')</script>"></iframe>
      <object data="file://{secret}"></object><embed src="file://{secret}">
      <link rel="stylesheet" href="file://{style}"><link rel="stylesheet" href="{trap}/css">
      <link rel="preconnect" href="{trap}"><link rel="prefetch" href="{trap}/prefetch">
      <style>@import url("{trap}/import"); @font-face {{ font-family: x; src: url({trap}/font) }}
        p {{ font-family: x; background: url("{trap}/background") }}</style>
      <img src="{trap}/picture"><img src="file://{secret}">
      <video src="{trap}/video" poster="{trap}/poster"></video>
      <svg><image href="{trap}/svg"/><foreignObject><p>x</p></foreignObject></svg>
      <meta http-equiv="refresh" content="0; url={trap}/refresh">
      <form action="{trap}/form"><input autofocus onfocus="this.form.submit()"></form>
      <script>document.body.innerHTML = "SKRIPT"; fetch("{trap}/fetch")</script>
      <img src="x" onerror="document.body.innerHTML = 'SKRIPT'">
    """
    everything = "".join(texts(engine.render(Report([page(hostile)]), nothing)))
    assert "sichtbar" in everything
    for word in ("GEHEIM", "SKRIPT", "AUSSEN"):
        assert word not in everything
    assert Trap.hits == []


def test_dead_browser_is_replaced(engine: Engine) -> None:
    engine.render(Report([page("x")]), nothing)
    before = engine.pid
    os.killpg(before, signal.SIGKILL)
    assert "wieder" in texts(engine.render(Report([page("wieder")]), nothing))[0]
    assert engine.pid != before


def test_hanging_browser_is_replaced_and_then_said(engine: Engine) -> None:
    hasty = Engine(engine.program, seconds=1)
    try:
        hasty.render(Report([page("x")]), nothing)
        os.killpg(hasty.pid, signal.SIGSTOP)
        started = time.monotonic()
        assert "wieder" in texts(hasty.render(Report([page("wieder")]), nothing))[0]
        assert time.monotonic() - started < 20

        def slow(url: str) -> Resource | None:
            time.sleep(1.2)
            return None

        with pytest.raises(ChromiumError, match="in time"):
            hasty.render(Report([page("<img src='/a'>")]), slow)
        assert hasty.pid == 0
    finally:
        hasty.close()


def test_program_that_is_no_browser_is_said() -> None:
    with pytest.raises(Crashed):
        Engine("/bin/true").render(Report([page("x")]), nothing)


def test_browser_is_renewed_and_nothing_is_left(engine: Engine) -> None:
    short = Engine(engine.program, prints=2)
    pids = set()
    for _ in range(4):
        short.render(Report([page("x")]), nothing)
        pids.add(short.pid)
    profiles = glob.glob(f"{tempfile.gettempdir()}/{PREFIX}.{os.getpid()}.*")
    short.close()
    assert len(pids) == 2
    left = glob.glob(f"{tempfile.gettempdir()}/{PREFIX}.{os.getpid()}.*")
    assert len(left) == len(profiles) - 1
    assert all(_is_gone(pid) for pid in pids)


def test_idle_browser_ends(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "IDLE_SECONDS", 0.2)
    idle = Engine(engine.program)
    idle.render(Report([page("x")]), nothing)
    time.sleep(1)
    assert idle.pid == 0


def test_forked_child_uses_a_browser_of_its_own(engine: Engine) -> None:
    shared = engine_module.engine(engine.program)
    shared.render(Report([page("x")]), nothing)
    parent = shared.pid
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        with contextlib.suppress(BaseException):
            shared.render(Report([page("x")]), nothing)
            os.write(writing, str(shared.pid).encode())
            shared.close()
        os._exit(0)
    os.waitpid(child, 0)
    other = int(os.read(reading, 20))
    assert other not in (0, parent)
    assert "noch" in texts(shared.render(Report([page("noch da")]), nothing))[0]
    assert shared.pid == parent
    shared.close()


SCRIPT = """
import os, sys, types
package = types.ModuleType("report_pdf_chromium"); package.__path__ = [sys.argv[1]]
sys.modules["report_pdf_chromium"] = package
from report_pdf_chromium.lib.engine import engine, Report
one = engine(sys.argv[2])
one.render(Report(["<p>x</p>"]), lambda url: None)
print(one.pid, flush=True)
sys.stdin.read()
"""


def _is_gone(group: int) -> bool:
    for _ in range(50):
        states = subprocess.run(
            ["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True
        ).stdout.split()
        if all(state.startswith("Z") for state in states):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("end", ["exit", "kill"])
def test_browser_ends_with_its_process(engine: Engine, end: str) -> None:
    folder = str(Path(__file__).resolve().parents[3] / "addons" / "report_pdf_chromium")
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, folder, engine.program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        browser = int(process.stdout.readline())
        if end == "kill":
            process.kill()
        process.stdin.close()
        process.wait(20)
    assert _is_gone(browser)
    remove_stale_profiles()
    assert not glob.glob(f"{tempfile.gettempdir()}/{PREFIX}.{process.pid}.*")


def test_limits_of_a_worker_do_not_reach_the_browser(engine: Engine) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, hard))
    limited = Engine(engine.program)
    try:
        limited.render(Report([page("x")]), nothing)
        limits = Path(f"/proc/{limited.pid}/limits").read_text()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        limited.close()
    line = next(line for line in limits.splitlines() if line.startswith("Max address space"))
    assert line.split()[3] == ("unlimited" if hard < 0 else str(hard))
