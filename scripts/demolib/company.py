"""Fill the demo's database: the company's last month, lived day by day with the clock turned back.

Runs inside Odoo (one process, no web server). Every day is committed and noted, so an interrupted
run goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import api, freeze_time

import odoo
from odoo.modules.registry import Registry
from odoo.sql_db import BaseCursor

from .wire import post

Env = Any  # odoo.api.Environment
BERLIN = ZoneInfo("Europe/Berlin")
STAMP = "%Y-%m-%d %H:%M:%S"
DAYS = 30
BIRTH, LIVED = "automation_demo.birth", "automation_demo.lived_until"
# what the crons do, in the order in which an order meets it
FETCH = ("shop_connector.ir_cron_poll", "shop_connector.ir_cron_interpret")
STEPS = ("order_automation.ir_cron_automation_orders",)
PAPERS = (
    "order_automation.ir_cron_automation_filing",
    "order_automation.ir_cron_automation_mails",
    "mail.ir_cron_mail_scheduler_action",
)


# programs that measure how long something takes keep the real time
REAL_TIME = ["house", "subprocess", "odoo.addons.report_pdf_chromium"]


@contextmanager
def company(conf: str, database: str) -> Iterator[Env]:
    """Open the database as the system's own user."""
    options = ["-c", conf, "-d", database, "--no-http", "--log-handler", ":WARNING"]
    options += ["--log-handler", "odoo.tools.pdf:ERROR"]  # says at each e-invoice the same
    odoo.tools.config.parse_config(options, setup_logging=True)
    with Registry(database).cursor() as cr:
        yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})


def connect(env: Env, shop_url: str, smtp_port: int) -> None:
    """Tell the company where its shop and its mail server are; their ports may change."""
    env["automation.demo"]._connect(shop_url, smtp_port)
    env.cr.commit()


def live_through(env: Env, world: str, say: Callable[[str], None]) -> None:
    """Let the company live from where it stands until now."""
    param = env["ir.config_parameter"]
    if not param.get_param(BIRTH):
        param.set_param(BIRTH, post(world, "/reset"))
    birth = datetime.fromisoformat(param.get_param(BIRTH))
    lived = param.get_param(LIVED) or ""
    days = [birth - timedelta(days=back, hours=1) for back in range(DAYS, -1, -1)]
    todo = [day for day in days if day.strftime(STAMP) > lived]
    if todo:
        say(f"the company's last {DAYS} days: orders, parcels, invoices, mails")
        env["shop.account"].search([]).write({"next_poll": False})
        with _clock(todo[0]) as clock:
            for day in todo:
                _live_day(env, world, day, clock, say)
                param.set_param(LIVED, day.strftime(STAMP))
                env.cr.commit()
    post(world, "/clock", birth.strftime(STAMP))
    env.ref("automation_demo.ir_cron_staff").active = True
    env["shop.account"].search([]).write({"next_poll": False})
    env.cr.commit()


@contextmanager
def _clock(start: datetime) -> Iterator[Any]:
    """Turn back the clock of this process; it ticks on from wherever it is set."""
    with (
        freeze_time(_utc(start), tick=True, ignore=REAL_TIME) as clock,
        patch.object(BaseCursor, "now", lambda self: datetime.now(UTC).replace(tzinfo=None)),
    ):
        yield clock


def _set(clock: Any, local: datetime) -> None:
    clock.time_to_freeze, clock.start = _utc(local), api.real_datetime.now()


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=BERLIN).astimezone(UTC).replace(tzinfo=None)


def _live_day(env: Env, world: str, day: datetime, clock: Any, say: Callable[[str], None]) -> None:
    """What the shop sold since yesterday comes in; staff work; papers go out."""
    _set(clock, day)
    count = post(world, "/clock", day.strftime(STAMP))
    _run(env, *FETCH, *STEPS)
    _set(clock, day + timedelta(minutes=20))
    env["automation.demo"]._staff_day()
    env.cr.commit()
    _run(env, *STEPS, *PAPERS)
    say(f"  {day:%d.%m.}: {count} orders so far")


def _run(env: Env, *crons: str) -> None:
    """Do what these crons do, now."""
    for name in crons:
        cron = env.ref(name, raise_if_not_found=False)
        if cron:
            cron.ir_actions_server_id.run()
            env.cr.commit()
