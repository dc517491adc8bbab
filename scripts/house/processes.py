"""Background programs: started once, found again by later commands, stopped by name."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from . import paths
from .work import Trouble, say, write_whole


def _pid_file(name: str) -> Path:
    return paths.RUN / f"{name}.pid"


def _birth(pid: int) -> str:
    """When a process began: together with its number this names it beyond doubt."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except OSError:
        return ""


def running(name: str) -> int:
    """The number of the named program's process; 0 when it does not run."""
    try:
        pid, birth = _pid_file(name).read_text().split()
    except (OSError, ValueError):
        return 0
    return int(pid) if _birth(int(pid)) == birth else 0


def start(name: str, command: list[str], env: Mapping[str, str]) -> None:
    """Start a program in a session of its own, so that Ctrl-C here does not reach it."""
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    with (paths.LOGS / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    write_whole(_pid_file(name), f"{process.pid} {_birth(process.pid)}")


def wait_for(name: str, url: str, seconds: int = 120) -> None:
    """Wait until the named program answers at an address."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with opener.open(url, timeout=30):
                return
        except OSError:
            if not running(name):
                break
        time.sleep(0.3)
    log = paths.LOGS / f"{name}.log"
    tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    raise Trouble("\n".join([*tail, f"{name} does not answer at {url}; the whole log: {log}"]))


def stop(name: str) -> None:
    """Stop a program and all it started; politely first."""
    pid = running(name)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if not pid:
            break
        say(f"stopping {name}")
        os.killpg(pid, sign)
        for _ in range(100):
            if not (pid := running(name)) or _is_zombie(pid):
                pid = 0
                break
            time.sleep(0.1)
    _pid_file(name).unlink(missing_ok=True)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
