"""A server that is a program of its own: found, started, waited for, ended."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

SYSTEM = "/usr/sbin:/sbin:/usr/local/sbin"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class Program:
    """One server program. ``name`` is the program's."""

    name = ""
    needs_root = False

    def __init__(self, work: Path) -> None:
        self.work = work
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def path(cls) -> str:
        """Return where the program is, "" if it cannot be used here."""
        if cls.needs_root and os.geteuid() != 0:
            return ""
        return shutil.which(cls.name, path=f"{os.environ.get('PATH', '')}:{SYSTEM}") or ""

    def command(self) -> list[str]:
        """Write the settings; return the command."""
        raise NotImplementedError

    def start(self) -> Self:
        """Start it and wait until it answers."""
        with (self.work / f"{self.name}.out").open("wb") as output:
            self._process = subprocess.Popen(self.command(), stdout=output, stderr=output)
        for _attempt in range(100):
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        self.stop()
        raise RuntimeError((self.work / f"{self.name}.out").read_text())

    def stop(self) -> None:
        """End it."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()
