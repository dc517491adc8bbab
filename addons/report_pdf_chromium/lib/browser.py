"""A browser that turns HTML into PDF; every file it asks for is answered by this process."""

import base64
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .errors import Crashed, Refused, _lt
from .process import Process

HOST = "report.invalid"
ORIGIN = f"http://{HOST}"
# The second lock beside the interception of requests: only pictures, styles and fonts, no scripts.
POLICY = (
    "default-src 'none'; img-src http: https: data:; style-src http: https: data: 'unsafe-inline'; "
    "font-src http: https: data:; base-uri 'none'; form-action 'none'; sandbox allow-same-origin"
)
START_SECONDS = 30.0
# Pages without scripts give the browser no occasion to clean up by itself: it would grow to 1 GB.
PRINTS_PER_CLEANING = 8


@dataclass(frozen=True)
class Resource:
    """A file as it is handed to the browser."""

    content: bytes
    mimetype: str
    lasting: bool = False  # the address will always have this content: the browser may keep it


Resolve = Callable[[str], Resource | None]


def is_own(url: str) -> bool:
    """Whether an address is relative to the report, not one of another server."""
    host = urlsplit(url).hostname or ""
    return host == HOST or host.endswith(f".{HOST}")


def _screen(settings: dict[str, Any]) -> dict[str, Any]:
    """A screen as wide as the text on paper, so that what is measured on it holds in print."""
    margins = settings["marginLeft"] + settings["marginRight"]
    width = (settings["paperWidth"] - margins) * 96 / settings["scale"]
    return {"width": round(width), "height": 1000, "deviceScaleFactor": 1, "mobile": False}


class Browser:
    """One Chromium with one page. Not thread-safe: the engine holds a lock."""

    def __init__(self, program: str, *, sandbox: bool) -> None:
        """Start Chromium; raises Crashed or TimedOut when it does not come up."""
        self.prints = 0
        self._ids = itertools.count(1)
        self._session = ""
        self._loaded = False
        self._lost = ""
        self._deadline = time.monotonic() + START_SECONDS
        self._resolve: Resolve = lambda url: None
        self._process = Process(program, sandbox=sandbox)
        try:
            self._open_page()
        except BaseException:
            self._process.close()
            raise

    @property
    def pid(self) -> int:
        """Process id of the browser."""
        return self._process.pid

    @property
    def owner(self) -> int:
        """Process id of the process that started the browser."""
        return self._process.owner

    def close(self) -> None:
        """End the browser."""
        self._process.close()

    def print(
        self,
        html: str,
        settings: dict[str, Any],
        resolve: Resolve,
        *,
        seconds: float,
        scope: str = "",
        script: str = "",
    ) -> bytes:
        """The PDF of an HTML page; `resolve` gives the content of every address the page names.

        Pages of different scopes (databases) share nothing the browser may have kept. `script` is
        the engine's own and runs when all is loaded; scripts in the page do not run.
        """
        self.prints += 1
        self._deadline = time.monotonic() + seconds
        if self.prints % PRINTS_PER_CLEANING == 0:
            self._call("HeapProfiler.collectGarbage")
        self._lost = ""
        address = f"http://{scope}{'.' if scope else ''}{HOST}/document/{self.prints}"
        document = Resource(html.encode("utf-8", "replace"), "text/html")
        self._resolve = lambda url: document if url == address else resolve(url)
        self._loaded = False
        answer = self._call("Page.navigate", url=address)
        if failure := answer.get("errorText"):
            raise Refused(_lt("The browser did not load the page: %(reason)s"), reason=failure)
        while not self._loaded:
            self._handle(self._process.receive(self._deadline))
        self._call("Emulation.setDeviceMetricsOverride", **_screen(settings))
        self._call("Runtime.evaluate", expression="document.fonts.ready", awaitPromise=True)
        if self._lost:
            raise Refused(_lt("A style sheet of the report is missing: %(url)s"), url=self._lost)
        if script:
            self._call("Runtime.evaluate", expression=script)
        printed = self._call("Page.printToPDF", **settings)
        return base64.b64decode(printed["data"])

    def _open_page(self) -> None:
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self._call("Page.enable")
        self._call("Inspector.enable")
        self._call("Emulation.setScriptExecutionDisabled", value=True)
        self._call("Emulation.setEmulatedMedia", media="screen")
        self._call("Fetch.enable", patterns=[{"urlPattern": "*"}])

    def _send(self, method: str, **params: Any) -> int:
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._process.send(message)
        return number

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = self._send(method, **params)
        while True:
            message = self._process.receive(self._deadline)
            if message.get("id") != number:
                self._handle(message)
                continue
            if "error" in message:
                raise Refused(f"{method}: {message['error'].get('message')}")
            result: dict[str, Any] = message["result"]
            return result

    def _handle(self, message: dict[str, Any]) -> None:
        match message.get("method"):
            case "Page.loadEventFired":
                self._loaded = True
            case "Fetch.requestPaused":
                self._answer(message["params"])
            case "Inspector.targetCrashed" | "Inspector.detached" | "Target.detachedFromTarget":
                raise Crashed(_lt("The browser's page crashed."))

    def _answer(self, paused: dict[str, Any]) -> None:
        """Give the browser what it asks for, or nothing; nothing ever comes from the network."""
        request, url = paused["requestId"], paused["request"]["url"].partition("#")[0]
        found = None
        if urlsplit(url).scheme in ("http", "https") and paused["request"]["method"] == "GET":
            found = self._resolve(url)
        if found is None:
            if paused["resourceType"] == "Stylesheet" and is_own(url):
                self._lost = url
            self._send("Fetch.failRequest", requestId=request, errorReason="AccessDenied")
            return
        headers = {
            "Content-Type": f"{found.mimetype}; charset=utf-8",
            "Content-Security-Policy": POLICY,
            "Cache-Control": "max-age=86400" if found.lasting else "no-store",
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
        }
        self._send(
            "Fetch.fulfillRequest",
            requestId=request,
            responseCode=200,
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(found.content).decode(),
        )
