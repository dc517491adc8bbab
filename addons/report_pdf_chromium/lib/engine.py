"""The engine: one browser for a process and its threads, restarted when needed, ended at exit."""

import atexit
import logging
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import markup
from .assemble import Mixed, assemble, assemble_each, count_pages
from .browser import Browser, Resolve, Resource
from .errors import ChromiumError, Crashed, TimedOut
from .paper import Paper
from .process import remove_stale_profiles

_logger = logging.getLogger(__name__)
PRINT_SECONDS = 110.0
PRINTS_PER_BROWSER = 400
IDLE_SECONDS = 300.0


@dataclass(frozen=True)
class Report:
    """What is to be printed: one HTML page per document, all headers in one, all footers in one."""

    bodies: list[str]
    header: str = ""
    footer: str = ""
    paper: Paper = field(default_factory=Paper)
    scope: str = ""  # name of the database, as a host name may be written


class Engine:
    """Prints reports with one Chromium program."""

    def __init__(
        self, program: str, *, seconds: float = PRINT_SECONDS, prints: int = PRINTS_PER_BROWSER
    ) -> None:
        """Nothing is started yet."""
        self.program = program
        self.seconds = seconds
        self.prints = prints
        self._browser: Browser | None = None
        self._lock = threading.RLock()
        self._idle: threading.Timer | None = None

    @property
    def pid(self) -> int:
        """Process id of the browser; 0 while there is none."""
        return self._browser.pid if self._browser else 0

    def render(self, report: Report, resolve: Resolve) -> bytes:
        """The PDF of a report."""
        return assemble(*self._print_report(report, resolve))

    def render_each(self, report: Report, resolve: Resolve) -> list[bytes]:
        """A PDF for each document of a report."""
        return assemble_each(*self._print_report(report, resolve))

    def _print_report(
        self, report: Report, resolve: Resolve
    ) -> tuple[list[bytes], bytes | None, list[int]]:
        """Print text and headers. A browser that died or hangs is replaced once."""
        with self._lock:
            try:
                return self._render(report, resolve)
            except (Crashed, TimedOut) as error:
                _logger.warning("%s It is started anew.", error)
                self.close()
            try:
                return self._render(report, resolve)
            except ChromiumError:
                self.close()
                raise

    def _render(
        self, report: Report, resolve: Resolve
    ) -> tuple[list[bytes], bytes | None, list[int]]:
        pictures = markup.Pictures()
        secret = secrets.token_hex(12)
        parts = [markup.split(pictures.take_out(body)) for body in report.bodies]

        def answer(url: str) -> Resource | None:
            return pictures.kept.get(url) or resolve(url)

        printed: list[bytes] = []
        counts: list[int] = []
        for group in markup.same_heads(parts):
            pdfs, pages = self._print_documents(group, report, answer, secret)
            printed += pdfs
            counts += pages
        sheets = self._print_sheets(report, pictures, answer, counts, secret)
        return printed, sheets, counts

    def _print_documents(
        self, parts: list[markup.Part], report: Report, resolve: Resolve, secret: str
    ) -> tuple[list[bytes], list[int]]:
        """Print documents together; one after the other when their ends cannot be told apart."""
        settings = report.paper.print_settings(with_margins=True)
        page = markup.documents_page(parts, secret)
        script = markup.TRIM + (markup.SHRINK if report.paper.may_shrink else "")
        pdf = self._print(page, settings, resolve, scope=report.scope, script=script)
        try:
            return [pdf], count_pages(pdf, secret, len(parts))
        except Mixed:
            if len(parts) == 1:
                raise
        pdfs, counts = [], []
        for part in parts:
            one, pages = self._print_documents([part], report, resolve, secret)
            pdfs += one
            counts += pages
        return pdfs, counts

    def _print_sheets(
        self,
        report: Report,
        pictures: markup.Pictures,
        resolve: Resolve,
        counts: list[int],
        secret: str,
    ) -> bytes | None:
        """Print headers and footers for all pages."""
        frames = [
            markup.frame(pictures.take_out(html), node, len(counts), secret) if html else None
            for html, node in (
                (report.header, "minimal_layout_report_headers"),
                (report.footer, "minimal_layout_report_footers"),
            )
        ]
        if not any(shown and shown.texts for shown in frames) and not report.paper.header_line:
            return None
        page = markup.sheets_page((frames[0], frames[1]), report.paper, counts)
        settings = report.paper.print_settings(with_margins=False)
        return self._print(page, settings, resolve, scope=report.scope)

    def _print(
        self, html: str, settings: dict[str, Any], resolve: Resolve, **options: str
    ) -> bytes:
        browser = self._ready_browser()
        try:
            return browser.print(html, settings, resolve, seconds=self.seconds, **options)
        finally:
            self._watch_idleness()

    def _ready_browser(self) -> Browser:
        """The running browser, or a new one: at first, after a fork, after many prints."""
        if self._browser and self._browser.owner != os.getpid():
            self.close()
        if self._browser and self._browser.prints >= self.prints:
            self.close()
        if not self._browser:
            remove_stale_profiles()
            self._browser = self._start()
        return self._browser

    def _start(self) -> Browser:
        """Start Chromium, sandboxed where that is possible (never for root, nor everywhere)."""
        if os.geteuid() != 0:
            try:
                return Browser(self.program, sandbox=True)
            except (Crashed, TimedOut):
                _logger.warning("Chromium does not start with its sandbox here; it runs without.")
        return Browser(self.program, sandbox=False)

    def _watch_idleness(self) -> None:
        """End the browser when it was not needed for some time; it starts in half a second."""
        if self._idle:
            self._idle.cancel()
        self._idle = threading.Timer(IDLE_SECONDS, self._close_if_idle)
        self._idle.daemon = True
        self._idle.start()

    def _close_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                self.close()
            finally:
                self._lock.release()

    def close(self) -> None:
        """End the browser; the next report starts another."""
        if self._idle:
            self._idle.cancel()
            self._idle = None
        browser, self._browser = self._browser, None
        if browser:
            browser.close()

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's browser and of a lost thread's lock."""
        self._lock = threading.RLock()
        self._idle = None
        self.close()


_engines: dict[str, Engine] = {}


def engine(program: str) -> Engine:
    """This process's engine for a Chromium program."""
    return _engines.setdefault(program, Engine(program))


def _for_all(action: Callable[[Engine], None]) -> None:
    for one in list(_engines.values()):
        action(one)


atexit.register(_for_all, Engine.close)
os.register_at_fork(after_in_child=lambda: _for_all(Engine.after_fork))
