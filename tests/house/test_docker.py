"""What can be said about the containers without an engine: files, keys, the start script.

That the start script works is shown by running it against the project's own server; that the
images build is not (`docker compose config -q` accepts the file, see docs/development.md).
"""

import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from house import paths, postgres, server, setup, templates

SECRET = re.compile(r"\$\{\w*PASSWORD:\?[^}]+\}")
# The parts of the compose specification that are used here.
SERVICE_KEYS = {
    "build",
    "depends_on",
    "environment",
    "healthcheck",
    "image",
    "ports",
    "restart",
    "volumes",
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file."""
    content: dict[str, Any] = yaml.safe_load((paths.ROOT / "docker-compose.yml").read_text())
    return content


def test_services_are_complete(compose: dict[str, Any]) -> None:
    assert set(compose) == {"services", "volumes"}
    for name, service in compose["services"].items():
        assert set(service) <= SERVICE_KEYS, name
        assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
        for volume in service["volumes"]:
            assert volume.split(":")[0] in compose["volumes"]
    assert compose["services"]["db"]["image"] == "postgres:16"
    assert compose["services"]["odoo"]["depends_on"]["db"]["condition"] == "service_healthy"


def test_no_password_is_written_down(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for key, value in service["environment"].items():
            if "PASSWORD" in key:
                assert SECRET.fullmatch(value), key
    example = (paths.ROOT / ".env.example").read_text()
    assert re.findall(r"^(\w*PASSWORD)=(.*)$", example, re.MULTILINE) == [
        ("POSTGRES_PASSWORD", ""),
        ("ODOO_ADMIN_PASSWORD", ""),
    ]


def test_ports_are_not_open_to_the_world(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


def test_dockerfile_takes_files_that_exist() -> None:
    text = (paths.ROOT / "Dockerfile").read_text()
    assert text.split("FROM ")[1].startswith("odoo:19.0\n")
    sources = re.findall(r"^COPY (?:--\S+ )?(\S+) \S+$", text, re.MULTILINE)
    assert sources
    assert all((paths.ROOT / source).exists() for source in sources)
    assert re.findall(r"^USER (\w+)$", text, re.MULTILINE)[-1] == "odoo"


def test_image_requirements_are_those_of_the_lock() -> None:
    lock = set((paths.ROOT / "requirements.txt").read_text().splitlines())
    for line in (paths.ROOT / "docker" / "requirements.txt").read_text().splitlines():
        if re.match(r"\w", line):
            assert line in lock


@pytest.mark.skipif(not shutil.which("docker"), reason="not here: docker")
def test_compose_accepts_the_file() -> None:
    if subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        pytest.skip("not here: docker's compose plugin")
    command = ["docker", "compose", "config", "-q"]
    env = {**os.environ, "POSTGRES_PASSWORD": "a", "ODOO_ADMIN_PASSWORD": "b"}
    done = subprocess.run(command, cwd=paths.ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def container(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment like the container's, with the image's paths replaced by ours."""
    setup.ensure()
    name = f"docker_{os.getpid()}"
    port = server.free_port()
    text = (paths.ROOT / "docker" / "odoo.conf").read_text()
    text = text.replace("/mnt/extra-addons", str(tmp_path / "addons"))
    text = text.replace("/var/lib/odoo", str(tmp_path / "files"))
    conf = tmp_path / "odoo.conf"
    conf.write_text(f"{text}http_interface = 127.0.0.1\nhttp_port = {port}\n")
    addons = tmp_path / "addons"
    shutil.copytree(paths.ADDONS / "automation_core", addons / "automation_core")
    own = {
        "PGPASSWORD": "x",
        "ODOO_RC": str(conf),
        "ODOO_DATABASE": name,
        "ODOO_ADMIN_PASSWORD": "chosen in the test",
        "ADDONS_DIR": str(addons),
        "DATA_DIR": str(tmp_path / "files"),
        "PORT": str(port),
    }
    yield {**server.environment(), **own}
    templates.drop(name)


def _until_healthy(process: subprocess.Popen[bytes], port: str) -> None:
    for _ in range(600):
        assert process.poll() is None, "the start script ended"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("no answer")


def _start(env: dict[str, str], log: Path) -> str:
    """Start, wait until healthy, stop; returns what was printed."""
    with log.open("wb") as stream:
        command = ["bash", str(paths.ROOT / "docker" / "start.sh")]
        process = subprocess.Popen(command, env=env, stdout=stream, stderr=stream)
        try:
            _until_healthy(process, env["PORT"])
        finally:
            process.terminate()
            process.wait(60)
    return log.read_text()


def test_start_script(container: dict[str, str], tmp_path: Path) -> None:
    first = _start(container, tmp_path / "first.log")
    assert "making the database" in first
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    assert "automation_core" in postgres.sql(query, container["ODOO_DATABASE"])
    again = _start(container, tmp_path / "again.log")
    assert "making the database" not in again
    assert "installing or updating" not in again
