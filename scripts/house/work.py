"""Telling what happens, running programs, and steps that survive being interrupted."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from . import paths

STARTED = time.monotonic()


class Trouble(Exception):
    """Something a person has to mend; its text says what and how."""


def say(text: str) -> None:
    """Print one line of progress with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", file=sys.stderr, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    log: str = "",
    cwd: Path | None = None,
) -> None:
    """Run a program to its end; with `log` its output goes there and its tail into the error."""
    argv = [str(part) for part in command]
    if not log:
        if subprocess.run(argv, env=env, cwd=cwd).returncode:
            raise Trouble(f"{Path(argv[0]).name} failed: {' '.join(argv[1:6])}")
        return
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    target = paths.LOGS / f"{log}.log"
    with target.open("wb") as stream:
        done = subprocess.run(argv, env=env, cwd=cwd, stdout=stream, stderr=subprocess.STDOUT)
    if done.returncode:
        tail = target.read_text(errors="replace").splitlines()[-25:]
        raise Trouble("\n".join([*tail, f"{Path(argv[0]).name} failed; the whole log: {target}"]))


def output(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """What a program prints; empty when it fails or does not exist."""
    try:
        done = subprocess.run(
            [str(part) for part in command], env=env, capture_output=True, text=True
        )
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """One process at a time; the others wait. The lock ends with the process, however it ends."""
    paths.RUN.mkdir(parents=True, exist_ok=True)
    with (paths.RUN / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another process is busy with: {name}; waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def whole_or_nothing(target: Path) -> Iterator[Path]:
    """A temporary folder that becomes `target` only when the block ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for old in target.parent.glob(f".{target.name}.*.part"):
        shutil.rmtree(old, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
    os.chmod(part, 0o755)
    try:
        yield part
        if target.exists():
            shutil.rmtree(target)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_whole(target: Path, text: str) -> None:
    """Write a file so that nobody ever sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.write_text(text)
    part.rename(target)


def same(stamp: Path, text: str) -> bool:
    """Whether the stamp file holds exactly this text, so that its step need not be done again."""
    return stamp.is_file() and stamp.read_text() == text
