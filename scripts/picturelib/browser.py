"""A browser without a screen, steered over its debugging socket."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import websocket
from PIL import Image

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--no-first-run",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
)


class Browser:
    """One tab. Everything the pages complain about is kept in ``complaints``."""

    def __init__(self, width: int = 1440, height: int = 900, program: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pictures-"))
        name = program or os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
        command = [
            name,
            *FLAGS,
            f"--user-data-dir={self.folder}",
            f"--window-size={width},{height}",
        ]
        self.process = subprocess.Popen(
            [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.size = (width, height)
        self.complaints: list[str] = []
        self._number = 0
        self._socket = websocket.create_connection(self._address(), timeout=60)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")
        self._set_size(*self.size)

    def _address(self) -> str:
        memory = self.folder / "DevToolsActivePort"
        for _ in range(150):
            if memory.exists() and memory.read_text().strip():
                break
            time.sleep(0.1)
        port = memory.read_text().splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=10) as answer:
            tabs = json.load(answer)
        return str(next(tab for tab in tabs if tab["type"] == "page")["webSocketDebuggerUrl"])

    def call(self, method: str, **params: Any) -> Any:
        """Send a command and wait for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            what = details.get("exception", {}).get("description") or details["text"]
            self.complaints.append(f"exception: {what}")
        elif event.get("method") == "Runtime.consoleAPICalled" and params["type"] == "error":
            parts = [str(arg.get("value") or arg.get("description")) for arg in params["args"]]
            self.complaints.append(f"console: {' '.join(parts)}")
        elif event.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            entry = params["entry"]
            self.complaints.append(f"log: {entry['text']} {entry.get('url', '')}")

    def _set_size(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def run(self, script: str) -> Any:
        """Evaluate JavaScript in the page, waiting for promises."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(
                str(answer["exceptionDetails"].get("exception", {}).get("description"))
            )
        return answer["result"].get("value")

    def go(self, url: str) -> None:
        """Open an address and wait until the page is there."""
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def wait(self, condition: str, seconds: float = 60) -> bool:
        """Wait until a JavaScript condition holds; tell whether it does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):
                if self.run(f"!!({condition})"):
                    return True
            time.sleep(0.2)
        self.complaints.append(f"waited in vain for: {condition}")
        return False

    def picture(self, target: Path, height: int = 0) -> None:
        """Save what is seen, small enough for the repository."""
        if height:
            self._set_size(self.size[0], height)
            time.sleep(0.4)
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        save_small(Image.open(io.BytesIO(data)), target)
        if height:
            self._set_size(*self.size)

    def close(self) -> None:
        """End the browser."""
        with contextlib.suppress(Exception):
            self.call("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def save_small(image: Image.Image, target: Path, limit: int = 150_000) -> None:
    """Save as PNG with as many colours as fit into the limit."""
    flat = image.convert("RGB")
    for colours in (256, 128, 64, 32):
        flat.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= limit:
            return
