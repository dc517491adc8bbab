"""DHL on the wire: labels, dry runs, manifests, refusals and lost answers."""

import json
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from automation_core.lib import errors
from automation_core.lib.tokens import MemoryTokens
from carrier_dispatch.lib.dhl import retry
from carrier_dispatch.lib.dhl.answer import read_created, read_numbered, read_validated
from carrier_dispatch.lib.dhl.build import Shipment, build
from carrier_dispatch.lib.dhl.client import DhlClient, connect
from carrier_dispatch.lib.dhl.settings import Services, Settings
from carrier_dispatch.lib.model import Party
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tests.servers.base import Sent
from tests.servers.dhl import DhlServer, Spec
from tests.unit.carrier_dispatch.dhl_cases import BOX, BUYER, LOGIN, NOW, SETTINGS, order
from tests.unit.fuzzing import anything, changes, each_value_replaced, mutated, understood

ORDERS = "/parcel/de/shipping/v2/orders"
TOKEN = "POST /parcel/de/account/auth/ropc/v1/token"
BASIC = replace(SETTINGS, login=replace(LOGIN, method="basic"))
LONDON = Party("Joe Black", street="10 Downing Street", zip="SW1A 1AA", city="London", country="GB")

Connect = Callable[..., DhlClient]


@pytest.fixture(scope="module")
def spec(shared: Path) -> Spec:
    return Spec(shared / "specs" / "dhl")


@pytest.fixture
def server(spec: Spec) -> Iterator[DhlServer]:
    """DHL at a fixed time; at the end it must have seen allowed requests only."""
    with DhlServer(spec=spec, now=NOW) as running:
        yield running
    assert running.violations == []


@pytest.fixture
def client_for(server: DhlServer) -> Connect:
    def make(options: Settings = SETTINGS, **more: Any) -> DhlClient:
        return connect(
            options,
            more.pop("url", server.url),
            store=MemoryTokens(),
            timeout=more.pop("timeout", (5.0, 5.0)),
            sleep=lambda _seconds: None,
            clock=lambda: server.now().timestamp(),
        )

    return make


@pytest.fixture
def client(client_for: Connect) -> DhlClient:
    return client_for()


def parcels(count: int = 1, recipient: Party = BUYER, **changes: Any) -> tuple[Shipment, ...]:
    """Shipments of one delivery."""
    return build(order(recipient, *[BOX] * count, **changes), SETTINGS)


# -- labels -------------------------------------------------------------------------


@pytest.mark.parametrize("options", [SETTINGS, BASIC])
def test_a_label_by_each_kind_of_login(
    server: DhlServer, client_for: Connect, options: Settings
) -> None:
    (row,) = client_for(options).create(parcels())
    assert row.done
    assert (row.reference, row.number) == ("D2611A7K-1", server.living[0].number)
    assert len(row.number) == 20
    assert row.label
    text = PdfReader(BytesIO(row.label.content)).pages[0].extract_text()
    assert "Maria Musterfrau" in text
    assert row.number in text
    assert server.requests[TOKEN] == (0 if options is BASIC else 1)


def test_thirty_in_one_request_with_a_row_for_each(server: DhlServer, client: DhlClient) -> None:
    made = parcels(30)
    rows = client.create(made)
    assert [row.reference for row in rows] == [one.reference for one in made]
    assert all(row.done and row.label for row in rows)
    assert server.requests[f"POST {ORDERS}"] == 1
    with pytest.raises(ValueError, match="30"):
        client.create(parcels(31))


def test_one_refused_shipment_does_not_stop_the_others(
    server: DhlServer, client: DhlClient
) -> None:
    server.unknown_zips.add("99999")
    wrong = build(order(replace(BUYER, zip="99999"), number="D2611WRG"), SETTINGS)
    rows = client.create([*parcels(), *wrong, *parcels(number="D2611A7L")])
    assert [row.outcome for row in rows] == ["done", "refused", "done"]
    assert rows[1].sentence.startswith("DHL refused it: Der Ort ist zu dieser PLZ nicht bekannt.")
    assert rows[1].messages[0].field == "consignee.city"
    assert len(server.living) == 2


def test_a_single_refused_shipment_is_a_row_too(server: DhlServer, client: DhlClient) -> None:
    (row,) = client.create(parcels(recipient=replace(BUYER, street="Hauptstraße")))
    assert (row.outcome, row.number, row.label) == ("refused", "", None)
    assert "Hausnummer" in row.sentence
    assert not server.living


def test_what_dhl_only_warns_of_is_kept(client_for: Connect) -> None:
    options = replace(SETTINGS, must_encode=False, language="en-US")
    (row,) = client_for(options).create(parcels(recipient=replace(BUYER, street="Hauptstraße")))
    assert row.done
    assert [message.text for message in row.warnings] == [
        "Please enter a house number.",
        "The address entered could not be encoded.",
    ]


def test_a_dry_run_makes_nothing(server: DhlServer, client: DhlClient) -> None:
    wrong = build(order(replace(BUYER, street="Hauptstraße"), number="D2611WRG"), SETTINGS)
    rows = client.validate([*parcels(), *wrong])
    assert [row.outcome for row in rows] == ["done", "refused"]
    assert not server.parcels


def test_answers_without_our_references_are_read_by_their_order(
    server: DhlServer, client: DhlClient
) -> None:
    server.echo = False
    rows = client.create(parcels(3))
    by_number = {row.number: row.reference for row in rows}
    assert {one.number: one.reference for one in server.living} == by_number


def test_rows_in_another_order_find_their_shipments(server: DhlServer, client: DhlClient) -> None:
    server.fail("mixed", ORDERS)
    rows = client.create(parcels(3))
    assert {one.number: one.reference for one in server.living} == {
        row.number: row.reference for row in rows
    }


def test_labels_for_a_label_printer(client_for: Connect) -> None:
    options = replace(SETTINGS, doc_format="ZPL2", print_format="910-300-600")
    (row,) = client_for(options).create(parcels())
    assert row.label
    assert (row.label.format, row.label.extension) == ("ZPL2", "zpl")
    assert row.label.content.startswith(b"^XA")


def test_forms_for_customs_and_the_way_back(client_for: Connect) -> None:
    client = client_for(replace(SETTINGS, combine=False))
    (abroad,) = client.create(parcels(recipient=LONDON))
    assert [one.kind for one in abroad.documents] == ["label", "customsDoc"]
    both = build(order(number="D2611RET"), SETTINGS, services=Services(label_for_return=True))
    (row,) = client.create(both)
    assert row.return_number
    assert [one.kind for one in row.documents] == ["label", "returnLabel"]


def test_a_label_that_came_damaged_is_fetched_again(server: DhlServer, client: DhlClient) -> None:
    server.fail("damaged", ORDERS)
    (row,) = client.create(parcels())
    assert row.done
    assert row.label is None
    assert "once more" in row.warnings[0].text
    (again,) = client.labels([row.number])
    assert again.label
    assert again.number == row.number
    assert not server.doubles


def test_cancelling_is_possible_until_the_day_is_closed(
    server: DhlServer, client: DhlClient
) -> None:
    first, second = client.create(parcels(2))
    assert client.cancel([first.number])[0].done
    closed = client.close()
    assert [row.number for row in closed] == [second.number]
    rows = client.cancel([first.number, second.number])
    assert [row.outcome for row in rows] == ["refused", "refused"]
    assert "manifested" in rows[1].sentence
    assert [one.number for one in server.living] == [second.number]


def test_the_days_list(server: DhlServer, client: DhlClient) -> None:
    numbers = [row.number for row in client.create(parcels(3))]
    assert all(row.done for row in client.close(numbers[:2]))
    assert all(row.done for row in client.close(numbers[:2]))  # a second time: a warning
    manifest = client.manifest(NOW.date())
    assert manifest.numbers == tuple(numbers[:2])
    assert len(PdfReader(BytesIO(manifest.documents[0])).pages) == 1
    with pytest.raises(errors.NotFound):
        client.manifest(date(2026, 1, 1))
    with pytest.raises(errors.NotFound):
        client.labels(numbers[:1])


def test_the_connection_test_changes_nothing(server: DhlServer, client: DhlClient) -> None:
    client.check()
    assert not server.parcels


# -- what goes wrong ----------------------------------------------------------------


def test_a_token_is_reused_and_renewed_once(server: DhlServer, client: DhlClient) -> None:
    client.create(parcels())
    client.create(parcels(number="D2611A7L"))
    assert server.requests[TOKEN] == 1
    server.logins.expire()
    client.create(parcels(number="D2611A7M"))
    assert server.requests[TOKEN] == 2
    assert not server.doubles


@pytest.mark.parametrize("options", [SETTINGS, BASIC])
def test_a_wrong_password(server: DhlServer, client_for: Connect, options: Settings) -> None:
    wrong = replace(options, login=replace(options.login, password="y3sterday's"))
    with pytest.raises(errors.AuthenticationFailed) as found:
        client_for(wrong).create(parcels())
    assert "business customer portal" in found.value.hint
    assert "y3sterday" not in str(found.value) + found.value.hint
    assert retry.after(found.value) is retry.Outcome.NOT_MADE


@pytest.mark.parametrize(
    ("kind", "error", "outcome"),
    [
        ("throttle", errors.Throttled, retry.Outcome.NOT_MADE),
        ("forbidden", errors.AccessDenied, retry.Outcome.NOT_MADE),
        ("error", errors.Unavailable, retry.Outcome.UNKNOWN),
        ("maintenance", errors.Unavailable, retry.Outcome.UNKNOWN),
        ("html", errors.InvalidAnswer, retry.Outcome.UNKNOWN),
        ("half", errors.AutomationError, retry.Outcome.UNKNOWN),
        ("drop", errors.Unavailable, retry.Outcome.UNKNOWN),
        ("lost", errors.Unavailable, retry.Outcome.UNKNOWN),
        ("short", errors.InvalidAnswer, retry.Outcome.UNKNOWN),
    ],
)
def test_failures_say_whether_labels_may_have_been_made(
    server: DhlServer,
    client: DhlClient,
    kind: str,
    error: type[errors.AutomationError],
    outcome: retry.Outcome,
) -> None:
    server.fail(kind, ORDERS, seconds=7 if kind == "throttle" else 0)
    with pytest.raises(error) as found:
        client.create(parcels(2))
    assert retry.after(found.value) is outcome
    assert found.value.message
    assert server.requests[f"POST {ORDERS}"] == 1  # never repeated by itself
    assert bool(server.living) == (kind in ("half", "lost", "short"))
    if kind == "throttle":
        assert found.value.retry_after == 7


def test_no_answer_in_time(server: DhlServer, client_for: Connect) -> None:
    server.fail("hang", ORDERS, seconds=3)
    with pytest.raises(errors.Unavailable) as found:
        client_for(timeout=(1.0, 0.3)).create(parcels())
    assert retry.after(found.value) is retry.Outcome.UNKNOWN


def test_a_host_that_is_not_there_got_nothing(client_for: Connect) -> None:
    with socket.socket() as taken:  # bound but not listening: refuses
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for options in (SETTINGS, BASIC):
            with pytest.raises(errors.Unavailable) as found:
                client_for(options, url=url).create(parcels())
            assert retry.after(found.value) is retry.Outcome.NOT_MADE


def test_a_login_that_hangs_made_no_label(server: DhlServer, client: DhlClient) -> None:
    server.fail("error", "token")
    with pytest.raises(errors.Unavailable) as found:
        client.create(parcels())
    assert retry.after(found.value) is retry.Outcome.NOT_MADE


def test_after_a_lost_answer_a_person_finds_the_label(server: DhlServer, client: DhlClient) -> None:
    shipments = parcels()
    server.fail("lost", ORDERS)
    with pytest.raises(errors.Unavailable):
        client.create(shipments)
    assert "D2611A7K-1" in retry.question(shipments)
    (there,) = [one for one in server.living if one.reference == shipments[0].reference]
    (row,) = client.labels([there.number])
    assert row.label
    assert not server.doubles
    client.close()
    assert retry.strangers(client.manifest(NOW.date()).numbers, []) == (there.number,)


def test_labels_and_cancelling_are_safe_to_repeat(server: DhlServer, client: DhlClient) -> None:
    (row,) = client.create(parcels())
    server.fail("error", ORDERS, times=2, method="GET")
    assert client.labels([row.number])[0].label
    server.fail("lost", ORDERS, method="DELETE")
    with pytest.raises(errors.Unavailable):
        client.cancel([row.number])
    assert client.cancel([row.number])[0].outcome == "refused"
    assert not server.living


def test_no_secret_is_ever_told(
    server: DhlServer, client_for: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for options in (SETTINGS, BASIC):
        for kind in ("error", "html", "lost", "unauthorised", "forbidden", "maintenance"):
            server.fail(kind, ORDERS, times=2)
            with pytest.raises(errors.AutomationError) as found:
                client_for(options).create(parcels())
            server.faults.clear()
            told = f"{found.value} {found.value.hint} {found.value.__cause__} {caplog.text}"
            assert not [secret for secret in LOGIN.secrets if secret in told]


def test_what_a_server_repeats_of_the_login_is_masked(client_for: Connect) -> None:
    client = client_for(BASIC)
    body = {"status": {"title": f"{LOGIN.password} and {LOGIN.api_key}", "statusCode": 400}}
    client._http._session = _Fixed(Sent(400, json.dumps(body).encode()))  # type: ignore[assignment]
    with pytest.raises(errors.Rejected) as found:
        client.create(parcels())
    assert str(found.value) == "DHL refused the request: *** and ***"


# -- answers gone wrong -------------------------------------------------------------


class _Fixed(requests.Session):
    """Answers the same to everything."""

    def __init__(self, answer: Sent) -> None:
        super().__init__()
        self.answer = answer

    def request(self, *_args: Any, **_more: Any) -> requests.Response:  # type: ignore[override]
        response = requests.Response()
        response.status_code = self.answer.status
        response.raw = BytesIO(self.answer.content)
        response.url = "http://127.0.0.1/"
        return response


SAMPLE = {
    "status": {"title": "ok", "statusCode": 200, "status": 200, "detail": "fine"},
    "items": [
        {
            "shipmentNo": "00340434123400000017",
            "shipmentRefNo": "D2611A7K-1",
            "sstatus": {"title": "ok", "statusCode": 200, "status": 200},
            "label": {"b64": "JVBERi0xLjQ=", "fileFormat": "PDF"},
            "customsDoc": {"zpl2": "^XA^XZ"},
            "validationMessages": [
                {"property": "a", "validationMessage": "b", "validationState": "Warning"}
            ],
        }
    ],
    "manifest": [{"b64": "JVBERi0xLjQ="}],
    "manifestDate": "2026-11-23",
}
CALLS: tuple[Callable[[DhlClient], Any], ...] = (
    lambda client: client.create(parcels()),
    lambda client: client.validate(parcels()),
    lambda client: client.labels(["00340434123400000017"]),
    lambda client: client.cancel(["00340434123400000017"]),
    lambda client: client.close(),
    lambda client: client.manifest(NOW.date()),
)


def told(status: int, content: bytes) -> None:
    """Ask all calls; each gives rows that make sense, or a named failure."""
    client = connect(
        BASIC,
        "http://127.0.0.1",
        session=_Fixed(Sent(status, content)),
        sleep=lambda _seconds: None,
    )
    for call in CALLS:
        found = understood(call, client, errors.AutomationError)
        for row in found if isinstance(found, tuple) else ():
            assert row.outcome in ("done", "refused", "unknown")
            assert isinstance(row.sentence, str)
            assert call is not CALLS[0] or row.done == (row.done and bool(row.number))


def test_every_value_of_an_answer_may_be_odd() -> None:
    for data in each_value_replaced(SAMPLE):
        told(200, json.dumps(data).encode("utf-8", "replace"))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 999),
    changes(anything("00340434123400000017", "^XA")),
    st.sampled_from([200, 207, 400, 404, 422, 500]),
)
def test_answers_are_mended_nowhere(seed: int, wanted: Any, status: int) -> None:
    told(status, json.dumps(mutated(SAMPLE, seed, wanted)).encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([200, 207, 400, 401, 404, 503]))
def test_bytes_of_any_kind(content: bytes, status: int) -> None:
    told(status, content)


def test_done_without_a_number_is_not_known() -> None:
    class Reply:
        status, text = 200, ""

        def __init__(self, *items: Any) -> None:
            self._items = items

        def json(self) -> Any:
            return {"items": list(self._items)}

    good = {"sstatus": {"title": "ok", "statusCode": 200}}
    bad = {"sstatus": {"title": "Error", "statusCode": 400}}
    numbered = {"shipmentNo": "00340434123400000017"}
    reply: Any = Reply(good, bad, {**good, **numbered}, {**bad, **numbered}, {"sstatus": {}})
    rows = read_created(reply, list("abcde"))
    assert [row.outcome for row in rows] == ["unknown", "refused", "done", "unknown", "unknown"]
    assert read_validated(Reply(good), ["a"])[0].done  # type: ignore[arg-type]
    assert read_numbered(Reply(good), ["123"])[0].number == "123"  # type: ignore[arg-type]


def test_the_fake_refuses_what_the_document_does_not_allow(spec: Spec) -> None:
    """Otherwise "no violations" would say nothing."""
    with DhlServer(spec=spec, now=NOW) as server:
        client = connect(BASIC, server.url, clock=lambda: NOW.timestamp())
        (good,) = parcels()
        wrong = [
            {"refNo": "short"},
            {"typo": 1},
            {"consignee": good.body["consignee"] | {"lockerID": 145}},
            {"consignee": good.body["consignee"] | {"phone": "+49 1"}},
            {"details": {"weight": {"uom": "g", "value": 31_501}}},
            {"details": {"weight": {"uom": "g", "value": 1}, "dim": {"uom": "cm", "length": 1}}},
        ]
        for change in wrong:
            with pytest.raises(errors.Rejected):
                client.create([replace(good, body=good.body | change)])
        assert len(server.violations) == len(wrong)
        with pytest.raises(errors.Rejected):
            connect(replace(BASIC, profile="MINE"), server.url).cancel(["00340434123400000017"])
        assert not server.parcels


def test_the_fake_works_without_the_document() -> None:
    with DhlServer(now=datetime(2026, 11, 23, tzinfo=UTC)) as server:
        (row,) = connect(BASIC, server.url).create(parcels())
        assert row.label
        assert len(row.label.content) < 10_000
