"""Fetching a distribution's packages without touching the system.

apt does the work: the mirror is the machine's own, the archive's signature and each package's
checksum are checked by apt as always, but its state lies under the project's data folder.
"""

import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path

from . import paths
from .work import Trouble, output, run, say


def is_usable() -> bool:
    """Whether this is a Debian-like system with apt and dpkg."""
    return all(shutil.which(name) for name in ("apt-get", "dpkg-deb", "dpkg"))


def _codename() -> str:
    text = Path("/etc/os-release").read_text()
    found = re.search(r'^VERSION_CODENAME="?([a-z]+)', text, re.MULTILINE)
    if not found:
        raise Trouble("/etc/os-release names no release of the distribution.")
    return found.group(1)


class Archive:
    """One suite of the machine's own mirror (by default the one that is installed)."""

    def __init__(self, suite: str = "") -> None:
        self.suite = suite or _codename()
        self.state = paths.DATA / "apt" / self.suite
        self._ready = False

    def _mirror(self) -> str:
        empty = self.state / "empty"
        (empty / "partial").mkdir(parents=True, exist_ok=True)
        uris = output(["apt-get", "-o", f"Dir::State::Lists={empty}/", "--print-uris", "update"])
        found = re.search(rf"^'(.*)/dists/{_codename()}/InRelease'", uris, re.MULTILINE)
        if not found:
            raise Trouble("apt names no mirror for this release of the distribution.")
        return found.group(1)

    def _keyring(self) -> str:
        for name in ("debian-archive-keyring", "ubuntu-keyring"):
            for line in output(["dpkg", "-L", name]).splitlines():
                if line.endswith("archive-keyring.gpg"):
                    return line
        raise Trouble("The distribution's archive keyring is not installed.")

    def _options(self) -> list[str]:
        user = pwd.getpwuid(os.getuid()).pw_name
        values = {
            "Dir::Etc::sourcelist": self.state / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self.state,
            "Dir::State::Lists": f"{self.state}/lists/",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": self.state / "cache",
            "APT::Sandbox::User": user,
            "APT::Install-Recommends": "false",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        return ["-q", *(part for key, value in values.items() for part in ("-o", f"{key}={value}"))]

    def refresh(self) -> None:
        """Fetch the signed list of packages."""
        if self._ready:
            return
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)
        arch = output(["dpkg", "--print-architecture"]).strip()
        line = f"deb [signed-by={self._keyring()} arch={arch}] {self._mirror()} {self.suite} main\n"
        (self.state / "sources.list").write_text(line)
        run(["apt-get", *self._options(), "update"], log=f"apt-{self.suite}")
        self._ready = True

    def has(self, package: str) -> bool:
        """Whether the suite carries the package."""
        self.refresh()
        return bool(output(["apt-cache", *self._options(), "show", package]))

    def with_needs(self, packages: list[str]) -> list[str]:
        """The packages and everything they depend on."""
        self.refresh()
        command = ["apt-get", *self._options(), "--simulate", "install", *packages]
        names = re.findall(r"^Inst (\S+)", output(command), re.MULTILINE)
        return sorted(set(names))

    def unpack(self, packages: list[str], root: Path, exclude: list[str] | None = None) -> None:
        """Download the packages and unpack them under `root`."""
        self.refresh()
        store = root.parent / f".{root.name}.debs"
        store.mkdir(parents=True, exist_ok=True)
        try:
            command = ["apt-get", *self._options(), "download", *packages]
            run(command, log=f"apt-{self.suite}-download", cwd=store)
            for deb in sorted(store.glob("*.deb")):
                if deb.stat().st_size > 10_000_000:
                    megabytes = deb.stat().st_size // 1_000_000
                    say(f"  unpacking {deb.name.split('_')[0]} ({megabytes} MB)")
                _unpack_one(deb, root, exclude or [])
                deb.unlink()
        finally:
            shutil.rmtree(store, ignore_errors=True)


def _unpack_one(deb: Path, root: Path, exclude: list[str]) -> None:
    root.mkdir(parents=True, exist_ok=True)
    patterns = [f"--exclude={pattern}" for pattern in exclude]
    tar = ["tar", "-x", "-C", str(root), "--no-same-owner", "--wildcards", *patterns]
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE
    ) as source:
        done = subprocess.run(tar, stdin=source.stdout)
    if done.returncode or source.returncode:
        raise Trouble(f"{deb.name} could not be unpacked.")
