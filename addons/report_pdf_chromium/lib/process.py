"""One Chromium process, driven over a pair of pipes (no port, no dependency).

The browser speaks the DevTools protocol: JSON messages, each ended by a NUL byte, on its file
descriptors 3 and 4. When this process dies, the pipes close and the browser ends by itself.
"""

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from .errors import Crashed, TimedOut, _lt

PREFIX = "report_pdf_chromium"
# Odoo limits memory and processor time of its workers; a browser that lives as long as the worker
# would die of either. The limits are lifted as far as the hard ones allow, for the browser only.
# The shell gets the pipes as its standard input and output and hands them on as 3 and 4.
LAUNCHER = (
    'ulimit -S -v "$(ulimit -H -v)"; ulimit -S -t "$(ulimit -H -t)"; '
    'exec "$@" 3<&0 4>&1 </dev/null >/dev/null'
)
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    # Nothing is fetched from outside: names do not resolve, and what needs none meets a dead proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=socks5://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication",
    "--disable-gpu",
    "--disable-sync",
    "--export-tagged-pdf=false",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--in-process-gpu",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
)
CHUNK = 1 << 20


def remove_stale_profiles(folder: Path | None = None) -> None:
    """Remove what browsers of processes that were killed left behind."""
    for path in (folder or Path(tempfile.gettempdir())).glob(f"{PREFIX}.*.*"):
        match = re.fullmatch(rf"{PREFIX}\.(\d+)\..+", path.name)
        with contextlib.suppress(OSError):
            if match and path.stat().st_uid == os.geteuid() and not _is_alive(int(match[1])):
                shutil.rmtree(path, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class Process:
    """A running browser and the two pipes to it."""

    def __init__(self, program: str, *, sandbox: bool) -> None:
        """Start the browser; whether it lives shows at the first message."""
        self.owner = os.getpid()
        self.profile = tempfile.mkdtemp(prefix=f"{PREFIX}.{self.owner}.")
        self._buffer = bytearray()
        self._spawn([program, *FLAGS, *([] if sandbox else ["--no-sandbox"])])
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._incoming, selectors.EVENT_READ)

    def _spawn(self, command: list[str]) -> None:
        child_reads, self._outgoing = os.pipe()
        self._incoming, child_writes = os.pipe()
        profile = [f"--user-data-dir={self.profile}", "about:blank"]
        try:
            self._child = subprocess.Popen(
                ["/bin/sh", "-c", LAUNCHER, "sh", *command, *profile],
                stdin=child_reads,
                stdout=child_writes,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "HOME": self.profile, "TMPDIR": self.profile},
                cwd="/",
                start_new_session=True,
            )
        finally:
            os.close(child_reads)
            os.close(child_writes)

    @property
    def pid(self) -> int:
        """The process id of the browser."""
        return self._child.pid

    def send(self, message: dict[str, Any]) -> None:
        """Write one message."""
        data = memoryview(json.dumps(message).encode() + b"\0")
        try:
            while data:
                data = data[os.write(self._outgoing, data[:CHUNK]) :]
        except OSError as error:
            raise Crashed(_lt("The browser ended unexpectedly.")) from error

    def receive(self, deadline: float) -> dict[str, Any]:
        """Read one message; `deadline` is a time of time.monotonic()."""
        start = 0
        while (end := self._buffer.find(b"\0", start)) < 0:
            start = len(self._buffer)
            self._read_more(deadline)
        message: dict[str, Any] = json.loads(bytes(self._buffer[:end]))
        del self._buffer[: end + 1]
        return message

    def _read_more(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or not self._selector.select(left):
            raise TimedOut(_lt("The browser did not answer in time."))
        data = os.read(self._incoming, CHUNK)
        if not data:
            raise Crashed(_lt("The browser ended unexpectedly."))
        self._buffer += data

    def close(self) -> None:
        """End the browser and remove its profile. In a forked child: only let go of the pipes."""
        for handle in (self._outgoing, self._incoming):
            with contextlib.suppress(OSError):
                os.close(handle)
        self._selector.close()
        if os.getpid() != self.owner:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        shutil.rmtree(self.profile, ignore_errors=True)
