"""DHL on a port of its own: ``with DhlServer() as server: server.url``.

It keeps labels, manifests and what is cancelled. What a client does that DHL's document does not
allow is refused and noted in ``violations``.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..base import Call, Sent, ThreadedServer
from . import label
from .book import Book, Parcel
from .login import Logins, refused
from .rules import HOME, findings
from .spec import Spec, Violation
from .where import Where
from .wire import Fault, sent, state

Json = dict[str, Any]

BASE = "/parcel/de/shipping/v2"
TOKEN = "/parcel/de/account/auth/ropc/v1/token"
UNIFIED = "/track/shipments"
PARCEL_DE = "/parcel/de/tracking/v0/shipments"
PROFILE = "STANDARD_GRUPPENPROFIL"
ALL_DONE = "The Webservice call ran successfully."


class DhlServer(Book, ThreadedServer):
    """One business customer's DHL, served in a thread.

    :param spec: DHL's document; without it only DHL's own rules are checked
    :param now: a fixed time, for tests that need one
    """

    def __init__(
        self, port: int = 0, *, spec: Spec | None = None, now: datetime | None = None
    ) -> None:
        Book.__init__(self, now)
        ThreadedServer.__init__(self, port)
        self.spec = spec
        self.logins = Logins()
        self.where = Where(self, self.logins)
        self.echo = True  # whether answers name our references
        self.faults: list[Fault] = []
        self.before: Callable[[Call], None] | None = None  # called ahead of every request
        self.requests: Counter[str] = Counter()
        self.log: list[Call] = []
        self.violations: list[str] = []
        self._serving = threading.RLock()

    def fail(
        self, kind: str, path: str = "", times: int = 1, seconds: float = 0.0, method: str = ""
    ) -> Fault:
        """Let the next ``times`` requests to ``path`` go wrong (see :class:`Fault`)."""
        fault = Fault(kind, path, times, seconds, method)
        self.faults.append(fault)
        return fault

    # -- requests ------------------------------------------------------------------

    def answer(self, call: Call) -> Sent:
        """Answer one request, or spoil the answer."""
        with self._serving:
            if self.before:
                self.before(call)
            self.requests[f"{call.method} {call.plain_path}"] += 1
            self.log.append(call)
            fault = self._next_fault(call)
            wrong = fault.before() if fault else None
            reply = wrong or self._answer(call)
        return fault.after(reply) if fault and not wrong else reply

    def _next_fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            fits = fault.path in call.path and fault.method in ("", call.method)
            if fault.times > 0 and fits:
                fault.times -= 1
                return fault
        return None

    def _answer(self, call: Call) -> Sent:
        path = call.plain_path
        if path == "/":
            return sent(200, {"DHL": "to test against", "parcels": len(self.parcels)})
        if path == TOKEN:
            reply, problem = self.logins.answer(call, self.now())
            self.violations += [problem] if problem else []
            return reply
        if path == UNIFIED:
            return self.where.unified(call)
        if path == PARCEL_DE:
            return self.where.parcel_de(call)
        if not path.startswith(BASE):
            self.violations.append(f"no such path: {path}")
            return sent(404, state(404))
        return self._shipping(call, path.removeprefix(BASE))

    def _shipping(self, call: Call, path: str) -> Sent:
        if not self.logins.admits(call, self.now()):
            return refused()
        try:
            operation = self.spec.operation(call.method, path) if self.spec else None
            if self.spec and operation:
                self.spec.check_request(call, operation)
            reply = self._resource(call, path)
        except Violation as error:
            self.violations.append(f"{call.method} {path}: {error}")
            return sent(400, {"status": state(400, str(error))})
        if self.spec and operation:
            self.spec.check_reply(operation, reply)
        return reply

    def _resource(self, call: Call, path: str) -> Sent:
        calls: dict[tuple[str, str], Callable[[Call], Sent]] = {
            ("POST", "/orders"): self._create,
            ("GET", "/orders"): self._labels,
            ("DELETE", "/orders"): self._cancel,
            ("POST", "/manifests"): self._close,
            ("GET", "/manifests"): self._manifest,
        }
        if (call.method, path) not in calls:
            raise Violation("no such call")
        return calls[call.method, path](call)

    # -- orders ----------------------------------------------------------------------

    def _create(self, call: Call) -> Sent:
        body, params = json.loads(call.body), call.params
        self._check_profile(body.get("profile"))
        self._check_privacy(body["shipments"])
        rows = [self._one(shipment, params, call) for shipment in body["shipments"]]
        return self._rows(rows, "shipment successfully printed.")

    def _one(self, shipment: Json, params: dict[str, str], call: Call) -> Json:
        found = list(
            findings(
                shipment,
                must_encode=params.get("mustEncode") == "true",
                today=self.now().date(),
                billing_numbers=self.billing_numbers,
                unknown_zips=self.unknown_zips,
            )
        )
        language = call.small_headers.get("accept-language", "en-US")[:2]
        row: Json = {}
        if any(one.hard for one in found):
            row["sstatus"] = state(400, "Hard validation error occured.")
        elif params.get("validate") == "true":
            row["sstatus"] = state(200, ALL_DONE)
        else:
            row = self._printed(self.add(shipment), params)
        if found:
            row["validationMessages"] = [one.row(language) for one in found]
        if self.echo and len(shipment.get("refNo", "")) >= 6:
            row["shipmentRefNo"] = shipment["refNo"]
        return row

    def _printed(self, parcel: Parcel, params: dict[str, str]) -> Json:
        form = params.get("printFormat", "")
        row: Json = {"shipmentNo": parcel.number, "sstatus": state(200, ALL_DONE)}
        if params.get("docFormat") == "ZPL2":
            row["label"] = {"zpl2": label.zpl(parcel.body, parcel.number), "fileFormat": "ZPL2"}
        else:
            parcel.label = parcel.label or label.pdf(parcel.body, parcel.number, form)
            row["label"] = _file(parcel.label)
        if parcel.return_number:
            row["returnShipmentNo"] = parcel.return_number
            if params.get("combine") == "false":
                row["returnLabel"] = _file(label.pdf(parcel.body, parcel.return_number, form))
        if parcel.body.get("customs") and parcel.body["product"] == "V53WPAK":
            row["customsDoc"] = _file(label.pdf(parcel.body, parcel.number, "A4", "CN23"))
        if parcel.body["consignee"].get("country", HOME) == HOME:
            row["routingCode"] = f"40327{parcel.body['consignee'].get('postalCode', '')}+99000"
        return row

    def _labels(self, call: Call) -> Sent:
        rows = []
        for number in _numbers(call):
            parcel = self.parcels.get(number)
            if parcel and not parcel.cancelled and parcel.closed is None:
                rows.append(self._printed(parcel, call.params))
            else:
                text = "Für die Sendung ist kein Versandschein vorhanden."
                rows.append({"shipmentNo": number, "sstatus": state(404, text)})
        return self._rows(rows, "label found.")

    def _cancel(self, call: Call) -> Sent:
        self._check_profile(call.params.get("profile"))
        rows = []
        for number in _numbers(call):
            parcel = self.parcels.get(number)
            if parcel is None or parcel.cancelled:
                status = state(400, "Unknown shipment number.")
            elif parcel.closed:
                status = state(400, "Shipment is already manifested and cannot be deleted.")
            else:
                parcel.cancelled = True
                status = state(200, ALL_DONE)
            rows.append({"shipmentNo": number, "sstatus": status})
        return self._rows(rows, "shipment successfully deleted.")

    def _rows(self, rows: list[Json], what: str) -> Sent:
        good = sum(row["sstatus"]["statusCode"] == 200 for row in rows)
        code = 207 if len(rows) > 1 else rows[0]["sstatus"]["statusCode"]
        if code == 404:
            return sent(404, state(404))
        text = f"{good} of {len(rows)} {what}"
        return sent(code, {"status": state(code, text), "items": rows})

    # -- manifests -------------------------------------------------------------------

    def _close(self, call: Call) -> Sent:
        body = json.loads(call.body)
        self._check_profile(body.get("profile"))
        if call.params.get("all") == "true":
            found = self.close()
            rows = [{"shipmentNo": one.number, "sstatus": state(200, ALL_DONE)} for one in found]
            return sent(207, {"status": state(207), "items": rows})
        rows = []
        for number in body.get("shipmentNumbers", []):
            parcel = self.parcels.get(number)
            if parcel is None or parcel.cancelled:
                status = state(400, "Unknown shipment number.")
            elif parcel.closed:
                status = state(200, "Shipment was already manifested.", "Warning")
            else:
                self.close([number])
                status = state(200, ALL_DONE)
            rows.append({"shipmentNo": number, "sstatus": status})
        return sent(207, {"status": state(207), "items": rows})

    def _manifest(self, call: Call) -> Sent:
        day = call.params.get("date") or self.now().date().isoformat()
        if day > self.now().date().isoformat():
            return sent(400, {"status": state(400, "The date is in the future.")})
        found = self.listed(day)
        if not found:
            return sent(404, state(404))
        rows = [(one.number, one.reference) for one in found]
        body: Json = {
            "status": state(200, ALL_DONE),
            "manifestDate": day,
            "sheetNo": [],
            "items": [{"shipmentNo": one.number, "sheetNo": "1"} for one in found],
        }
        if call.params.get("includeDocs") != "URL":
            body["manifest"] = [_file(label.manifest(day, rows))]
        return sent(200, body)

    # -- what no client may do ---------------------------------------------------------

    def _check_profile(self, profile: object) -> None:
        if profile != PROFILE:
            raise Violation(f"profile {profile!r} is not known")

    def _check_privacy(self, shipments: list[Json]) -> None:
        for shipment in shipments:
            buyer = shipment["consignee"]
            if buyer.get("country", HOME) == HOME and "phone" in buyer:
                raise Violation("the phone number of a domestic consignee is sent")
        names = [shipment.get("refNo") for shipment in shipments]
        if len(set(names)) != len(names):
            raise Violation("two shipments of a request share a reference")


def _numbers(call: Call) -> list[str]:
    found = [value for name, value in call.query if name == "shipment"]
    if len(found) > 30:
        raise Violation(f"{len(found)} shipments in a request")
    return found


def _file(content: bytes) -> Json:
    return {"b64": base64.b64encode(content).decode(), "fileFormat": "PDF"}
