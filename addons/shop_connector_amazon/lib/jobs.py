"""Files that Amazon works on for a while, as plain JSON that outlives a restart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from .feeds import FeedJob, Feeds

_lt = Marker(__name__)

WAIT: Final = 60.0  # seconds until Amazon is asked again; a file takes minutes


def pack(job: FeedJob) -> dict[str, object]:
    """Return a job as plain JSON."""
    return {**asdict(job), "marketplaces": list(job.marketplaces), "options": dict(job.options)}


def unpack(value: object) -> FeedJob:
    """Return the job in plain JSON.

    :raises errors.Rejected: when it is none
    """
    known = value if isinstance(value, Mapping) else {}
    names = FeedJob.__dataclass_fields__
    try:
        job = FeedJob(**{key: known[key] for key in names if key in known})
    except TypeError as error:
        raise _lost() from error
    if not job.feed_id:
        raise _lost()
    return job


def _lost() -> errors.Rejected:
    return errors.Rejected(
        _lt("What Amazon was working on is not known any more."),
        _lt("Look in Seller Central what became of it, or send it again."),
    )


def look(feeds: Feeds, job: FeedJob) -> FeedJob:
    """Return a job as it stands now.

    :raises errors.Rejected: when Amazon gave the file up
    """
    found = feeds.ask(job)
    if found.stage == "failed":
        raise errors.Rejected(
            _lt("Amazon has not worked through the file (%(state)s).", state=found.said),
            _lt(
                "Send it again. If that happens every time, look for the reason in Seller Central."
            ),
        )
    return found
