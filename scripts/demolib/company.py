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

from .wire import post, settings

Env = Any  # odoo.api.Environment
BERLIN = ZoneInfo("Europe/Berlin")
STAMP = "%Y-%m-%d %H:%M:%S"
DAYS = 30
BIRTH, LIVED = "automation_demo.birth", "automation_demo.lived_until"
# what the crons do, in the order in which an order meets it
FETCH = ("shop_connector.ir_cron_poll", "shop_connector.ir_cron_interpret")
STEPS = ("order_automation.ir_cron_automation_orders",)
MONEY = (
    "payment_matching.ir_cron_fetch_payments",
    "payment_matching.ir_cron_read_payments",
    "payment_matching.ir_cron_match_again",
    "payment_matching.ir_cron_match",
)
OFFERS = ("shop_connector.ir_cron_listings", "shop_connector.ir_cron_stock")
COMPARE = ("shop_connector.ir_cron_stock_compare", *OFFERS)
TELL = (
    "shop_connector.ir_cron_messages",
    "shop_connector.ir_cron_stock",
    "shop_connector.ir_cron_stock_push",
)
PAPERS = (
    "order_automation.ir_cron_automation_filing",
    "order_automation.ir_cron_automation_mails",
    "mail.ir_cron_mail_scheduler_action",
)


# programs that measure how long something takes keep the real time
REAL_TIME = ["house", "subprocess", "odoo.addons.report_pdf_chromium"]


@contextmanager
def company(conf: str, database: str) -> Iterator[tuple[Env, Clock]]:
    """Open the database as the system's own user; return the clock by which it lives, too.

    Add-ons are loaded with the clock held, because some keep the clock they were loaded with.
    """
    options = ["-c", conf, "-d", database, "--no-http", "--log-handler", ":WARNING"]
    options += ["--log-handler", "odoo.tools.pdf:ERROR"]  # says at each e-invoice the same
    odoo.tools.config.parse_config(options, setup_logging=True)
    with _clock() as clock, Registry(database).cursor() as cr:
        yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}), clock


def connect(env: Env, world: str, smtp_port: int) -> None:
    """Tell the company where its shops and its mail server are; their ports may change."""
    env["automation.demo"]._connect(settings(world), smtp_port)
    env.cr.commit()


def live_through(env: Env, clock: Clock, world: str, say: Callable[[str], None]) -> None:
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
        if not lived:
            _open_shops(env, world, clock, todo[0] - timedelta(hours=1))
        for day in todo:
            count = _live_day(env, world, clock, day, left=(days[-1] - day).days)
            say(f"  {day:%d.%m.}: {count} events so far")
            param.set_param(LIVED, day.strftime(STAMP))
            env.cr.commit()
    clock.set(None)
    post(world, "/clock", birth.strftime(STAMP))
    env.ref("automation_demo.ir_cron_staff").active = True
    env["shop.account"].search([]).write({"next_poll": False})
    env["payment.source"].search([]).write({"next_poll": False})
    env.cr.commit()


class Clock:
    """The clock of this process; it ticks on from wherever it is set."""

    def __init__(self, frozen: Any) -> None:
        self._frozen = frozen

    def set(self, local: datetime | None) -> None:
        """Set it to a local time, or to what it really is."""
        now = api.real_datetime.now(UTC).replace(tzinfo=None)
        self._frozen.time_to_freeze = _utc(local) if local else now
        self._frozen.start = api.real_datetime.now()


@contextmanager
def _clock() -> Iterator[Clock]:
    """Take the clock of this process into our hands."""
    with (
        freeze_time(datetime.now(UTC), tick=True, ignore=REAL_TIME) as frozen,
        patch.object(BaseCursor, "now", lambda self: datetime.now(UTC).replace(tzinfo=None)),
    ):
        yield Clock(frozen)


def _set(clock: Clock, world: str, local: datetime) -> str:
    """Set the clock of the company and that of its shops; return how much happened there so far."""
    clock.set(local)
    return post(world, "/clock", local.strftime(STAMP))


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=BERLIN).astimezone(UTC).replace(tzinfo=None)


def _open_shops(env: Env, world: str, clock: Clock, day: datetime) -> None:
    """On the first day the accounts go live, and their offers are read and matched."""
    _set(clock, world, day)
    env["automation.demo"]._open_shops()
    env.cr.commit()
    _run(env, *OFFERS)
    env["automation.demo"]._match_offers()
    env.cr.commit()


def _live_day(env: Env, world: str, clock: Clock, day: datetime, *, left: int) -> str:
    """What the shops sold since yesterday comes in; staff work; papers go out, shops are told.

    ``left``: how many days are still to come; the last ones leave something to the visitor.
    """
    count = _set(clock, world, day)
    env["shop.account"].search([]).write({"next_poll": False})
    env["payment.source"].search([]).write({"next_poll": False})
    _run(env, *FETCH, *STEPS, *MONEY, *TELL)
    _set(clock, world, day + timedelta(minutes=20))
    env["automation.demo"]._staff_day(scarce=left == 1, mistyping=left == 0, last=left == 0)
    env.cr.commit()
    if left % 7 == 0:
        _run(env, *COMPARE)
    _run(env, *STEPS, *PAPERS, *TELL)
    return count


def _run(env: Env, *crons: str) -> None:
    """Do what these crons do, now."""
    for name in crons:
        cron = env.ref(name, raise_if_not_found=False)
        if cron:
            cron.ir_actions_server_id.run()
            env.cr.commit()
