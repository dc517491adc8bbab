"""Sending Amazon a file and learning what became of it, one small step at a time.

A feed takes minutes. Its :class:`FeedJob` is plain data: the caller stores it after every step, so
that a restart goes on where it stopped. No step is repeated that may have had an effect unseen,
except the upload, which may.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from urllib.parse import urlsplit

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import const
from .client import LOCAL_HOSTS, Json, SpApi

_lt = Marker(__name__)


MOST_BYTES: Final = 100 * 1024 * 1024
Stage = Literal["new", "running", "done", "failed"]
JSON_TYPE: Final = "application/json; charset=UTF-8"
XML_TYPE: Final = "text/xml; charset=UTF-8"
PDF_TYPE: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class FeedJob:
    """A file on its way: ``running`` while Amazon works on it, then ``done`` or ``failed``.

    ``done`` only means that Amazon has read it: the result tells what of it was accepted.
    """

    feed_type: str
    marketplaces: tuple[str, ...]
    content_type: str
    options: Mapping[str, str] = field(default_factory=dict)
    stage: Stage = "new"
    feed_id: str = ""
    result_id: str = ""
    said: str = ""  # Amazon's own word for the state


class Feeds:
    """Sends files."""

    def __init__(self, api: SpApi) -> None:
        self._api = api

    def send(self, job: FeedJob, content: bytes) -> FeedJob:
        """Upload a file and hand it in."""
        document = self._api.call(
            const.CREATE_FEED_DOCUMENT, body={"contentType": job.content_type}
        )
        number, url = _texts(document, "feedDocumentId", "url")
        upload(self._api, url, content, job.content_type)
        body: Json = {
            "feedType": job.feed_type,
            "marketplaceIds": list(job.marketplaces),
            "inputFeedDocumentId": number,
        }
        if job.options:
            body["feedOptions"] = dict(job.options)
        answer = self._api.call(const.CREATE_FEED, body=body)
        (feed_id,) = _texts(answer, "feedId")
        return replace(job, stage="running", feed_id=feed_id)

    def ask(self, job: FeedJob) -> FeedJob:
        """Return the job as it stands now."""
        if job.stage != "running":
            return job
        answer = self._api.call(const.GET_FEED, {"feedId": job.feed_id})
        (said,) = _texts(answer, "processingStatus")
        result = answer.get("resultFeedDocumentId")
        found = replace(job, said=said, result_id=result if isinstance(result, str) else "")
        if said == "DONE":
            return replace(found, stage="done")
        if said in const.FEED_FAILED:
            return replace(found, stage="failed")
        return found

    def result(self, job: FeedJob) -> bytes:
        """Return the report about a file that was worked through; empty when there is none."""
        if not job.result_id:
            return b""
        document = self._api.call(const.GET_FEED_DOCUMENT, {"feedDocumentId": job.result_id})
        return download(self._api, document)


def upload(api: SpApi, url: str, content: bytes, content_type: str) -> None:
    """Put a file where Amazon wants it; the address itself is the permission, no token goes."""
    host, path = _split(url)
    api.make_http(host).request("PUT", path, data=content, headers={"Content-Type": content_type})


def download(api: SpApi, document: object) -> bytes:
    """Return a document's content, unpacked."""
    (url,) = _texts(document, "url")
    host, path = _split(url)
    content = api.make_http(host).request("GET", path).content
    packed = isinstance(document, dict) and document.get("compressionAlgorithm") == "GZIP"
    return unpack(content) if packed else content


def unpack(content: bytes) -> bytes:
    """Return what is in a gzip file, within limits; a file that arrived unpacked stays as it is."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(content, MOST_BYTES)
    except zlib.error as error:
        raise _damaged() from error
    if stream.unconsumed_tail or not stream.eof:
        raise _damaged()
    return plain


def _damaged() -> errors.InvalidAnswer:
    return errors.InvalidAnswer(
        _lt("A document of Amazon arrived damaged or is too large."),
        _lt("It is fetched again by itself."),
    )


def _split(url: str) -> tuple[str, str]:
    """Return a document's host and path; only encrypted addresses are used."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOCAL_HOSTS:
        raise errors.InvalidAnswer(
            _lt("Amazon gave an address for a document that is not encrypted."),
            _lt("It is asked for again."),
        )
    if not parts.hostname or "@" in parts.netloc:
        raise errors.InvalidAnswer(
            _lt("Amazon gave no address for a document."), _lt("It is asked for again.")
        )
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}", f"{parts.path}{query}"


def _texts(answer: object, *keys: str) -> tuple[str, ...]:
    """Return texts that an answer must have."""
    values = [answer.get(key) if isinstance(answer, dict) else None for key in keys]
    if not all(isinstance(value, str) and value for value in values):
        raise errors.InvalidAnswer(
            _lt("Amazon's answer about a file is not complete."),
            _lt("It is tried again by itself."),
        )
    return tuple(str(value) for value in values)
