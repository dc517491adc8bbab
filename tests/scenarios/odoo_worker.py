"""A process of its own on a database: runs a Python file with Odoo's `env`, or the order engine.

python odoo_worker.py CONF DATABASE run FILE     executes FILE with `env` and commits
python odoo_worker.py CONF DATABASE engine       does what is due until nothing is, as the cron does

With SCENARIO_LOG in the environment it writes down all it does there.
"""

import os
import sys
from pathlib import Path

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry


def environment(cursor):
    """What a scheduled action gets."""
    return api.Environment(cursor, SUPERUSER_ID, {})


def execute(registry, source: str) -> None:
    """Run a script with `env`; its `print` is the answer."""
    with registry.cursor() as cursor:
        exec(compile(source, "script", "exec"), {"env": environment(cursor)})
        cursor.commit()


def engine(registry) -> None:
    """Run until nothing claimable is due; other workers may hold the rest."""
    print("ready", flush=True)
    idle = 0
    while idle < 3:
        with registry.cursor() as cursor:
            env = environment(cursor)
            env["sale.order"]._cron_automation()
            domain = [("automation_due", "!=", False), ("automation_due_at", "<=", "now")]
            idle = 0 if env["sale.order"].search_count(domain, limit=1) else idle + 1
    print("finished", flush=True)


if __name__ == "__main__":
    conf, database, action, *arguments = sys.argv[1:]
    options = ["-c", conf, "-d", database, "--log-level=error"]
    if log := os.environ.get("SCENARIO_LOG"):
        # everything but the queries, which hold what is stored
        options += ["--log-handler=:DEBUG", "--log-handler=odoo.sql_db:INFO", f"--logfile={log}"]
    odoo.tools.config.parse_config(options, setup_logging=True)
    registry = Registry(database)
    if action == "run":
        execute(registry, Path(arguments[0]).read_text())
    else:
        engine(registry)
