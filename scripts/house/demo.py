"""The demo: a database with every add-on, a small outside world, a running Odoo.

What the demo company consists of and what it does is in scripts/demo.py; this module brings it up.
"""

import os
import socket

from . import paths, postgres, processes, server, setup, templates
from .work import STARTED, lock, run, same, say, write_whole

NAME = "demo"
SERVER = "demo-odoo"
WORLD = "demo-world"
FOLDER = paths.DATA / "demo"
DATA = FOLDER / "data"
SCRIPT = paths.ROOT / "scripts" / "demo.py"


def port(name: str, wanted: int) -> int:
    """A port that stays the same from start to start, unless another program took it meanwhile."""
    memory = FOLDER / f"{name}.port"
    choices = [int(memory.read_text())] if memory.exists() else []
    for number in [*choices, wanted, wanted + 10, wanted + 20, 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            found = int(probe.getsockname()[1])
        write_whole(memory, str(found))
        return found
    raise AssertionError("port 0 is always free")


def _known_port(name: str, program: str, wanted: int) -> int:
    memory = FOLDER / f"{name}.port"
    if processes.running(program) and memory.exists():
        return int(memory.read_text())
    return port(name, wanted)


def _bring_up_to_date() -> None:
    """Make the database, or install and update the add-ons that changed since the last time."""
    stamps = FOLDER / "addons"
    if not postgres.exists(NAME):
        processes.stop(SERVER)
        templates.copy(NAME)
        for stamp in (*stamps.glob("*"), DATA):
            stamp.unlink(missing_ok=True)
    prints = {name: templates.fingerprint(name) for name in paths.addon_names()}
    changed = [name for name, text in prints.items() if not same(stamps / name, text)]
    if not changed:
        return
    processes.stop(SERVER)
    for flag, known in (("-u", True), ("-i", False)):
        if names := [name for name in changed if (stamps / name).exists() is known]:
            say(f"{'updating' if known else 'installing'} {', '.join(names)}")
            server.install(NAME, names, log="demo-install", flag=flag)
    for name in changed:
        write_whole(stamps / name, prints[name])


def _environment(url: str, world: str) -> dict[str, str]:
    own = {
        "DEMO_DATABASE": NAME,
        "DEMO_CONF": str(server.conf_path(NAME)),
        "DEMO_URL": url,
        "DEMO_WORLD_URL": world,
        "DEMO_DATA": str(FOLDER),
        "DEMO_STARTED": str(STARTED),
    }
    return {**server.environment(), **own}


def _step(word: str) -> list[str]:
    return [str(paths.PYTHON), str(SCRIPT), word]


def _start_server(url: str) -> None:
    say("starting Odoo")
    conf = server.conf_path(NAME)
    processes.start(SERVER, server.command("-c", conf), server.environment())
    processes.wait_for(SERVER, f"{url}/web/login")


def start() -> None:
    """Bring everything up and run the main job."""
    setup.ensure(dev=False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with lock("demo"):
        port = _known_port("odoo", SERVER, int(os.environ.get("PORT", "8069")))
        world = f"http://127.0.0.1:{_known_port('world', WORLD, 8025)}"
        url = f"http://127.0.0.1:{port}"
        if not processes.running(SERVER):
            server.conf(NAME, port, crons=2, folders=str(FOLDER))
        _bring_up_to_date()
        server.conf(NAME, port, crons=2, folders=str(FOLDER))
        env = _environment(url, world)
        if SCRIPT.exists():
            _company(env, world)
        if not processes.running(SERVER):
            _start_server(url)
        if SCRIPT.exists():
            run(_step("run"), env=env)
        say(f"{url}   (make stop ends it)")


def _company(env: dict[str, str], world: str) -> None:
    """Fill the database once, and start the outside world."""
    if not processes.running(WORLD):
        processes.start(WORLD, _step("world"), env)
    processes.wait_for(WORLD, f"{world}/")
    if not DATA.exists():
        say("the demo company: products, stock, people")
        processes.stop(SERVER)
        run(_step("data"), env=env)
        DATA.touch()


def stop() -> None:
    """Stop what `start` started."""
    for name in (SERVER, WORLD):
        processes.stop(name)
