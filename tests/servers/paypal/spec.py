"""The vendor's OpenAPI documents: every request and every answer is held against them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..base import Call, Sent
from .wire import Json

NAMES = ("reporting_transactions_v1", "payments_payment_v2")
LOOSE = ("pattern", "format")  # the documents allow neither umlauts nor their own examples' times


class Violation(Exception):
    """A request the documents do not allow."""


@dataclass(frozen=True)
class Operation:
    """One call of one document."""

    document: str
    data: Json
    parameters: tuple[Json, ...]

    @property
    def name(self) -> str:
        """What the document calls it."""
        return str(self.data["operationId"])

    @property
    def scopes(self) -> frozenset[str]:
        """What the token must allow: one of these."""
        ways = self.data.get("security", [])
        return frozenset(scope for way in ways for scope in way.get("Oauth2", []))


class Spec:
    """The documents of a folder."""

    def __init__(self, folder: Path) -> None:
        import jsonschema  # the demo runs without it, and without the documents

        self._validator = jsonschema.Draft202012Validator
        self._documents: dict[str, Json] = {}
        self._routes: list[tuple[str, re.Pattern[str], Operation]] = []
        for name in NAMES:
            self._read(name, json.loads((folder / f"{name}.json").read_text("utf-8")))

    def _read(self, name: str, document: Json) -> None:
        base = urlsplit(document["servers"][0]["url"]).path
        components = document["components"]
        self._documents[name] = {"components": {"schemas": components["schemas"]}}
        for path, methods in document["paths"].items():
            pattern = "".join(
                "[^/]+" if part.startswith("{") else re.escape(part)
                for part in re.split(r"(\{[^}]+\})", _full(base, path))
            )
            for method, data in methods.items():
                if method in ("get", "post", "put", "patch", "delete"):
                    given = [*methods.get("parameters", []), *data.get("parameters", [])]
                    rows = tuple(_resolved(components, row) for row in given)
                    operation = Operation(name, data, rows)
                    self._routes.append((method.upper(), re.compile(pattern), operation))

    def operation(self, call: Call) -> Operation:
        """Return the operation a request asks for."""
        for method, pattern, operation in self._routes:
            if method == call.method and pattern.fullmatch(call.plain_path):
                return operation
        raise Violation(f"{call.method} {call.plain_path} is not in the documents")

    def check_request(self, call: Call, operation: Operation) -> None:
        """Refuse unknown parameters, missing and wrong values, wrong bodies."""
        rows = {row["name"]: row for row in operation.parameters if row["in"] == "query"}
        if unknown := set(call.params) - set(rows):
            raise Violation(f"{operation.name}: unknown parameters {sorted(unknown)}")
        if len(call.query) != len(call.params):
            raise Violation(f"{operation.name}: a parameter comes twice")
        for name, row in rows.items():
            if name in call.params:
                self._validate(operation, row["schema"], _typed(row, call.params[name]), name)
            elif row.get("required"):
                raise Violation(f"{operation.name}: parameter {name} is missing")
        self._check_body(call, operation)

    def _check_body(self, call: Call, operation: Operation) -> None:
        content = operation.data.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            if call.body:
                raise Violation(f"{operation.name}: takes no body")
            return
        if call.small_headers.get("content-type") != "application/json":
            raise Violation(f"{operation.name}: the body is not sent as JSON")
        try:
            body = json.loads(call.body)
        except ValueError:
            raise Violation(f"{operation.name}: the body is no JSON") from None
        self._validate(operation, content["schema"], body, "body")

    def _validate(
        self, operation: Operation, schema: Json, value: Any, name: str, *, loose: bool = False
    ) -> None:
        whole = {**self._documents[operation.document], **schema}
        if loose:
            whole = _loose(whole)
        for error in self._validator(whole).iter_errors(value):
            text = f"{operation.name}: {name}: {error.json_path}: {error.message[:200]}"
            raise Violation(text)

    def check_reply(self, operation: Operation, reply: Sent) -> None:
        """Hold our own answers to the documents as well."""
        if reply.status != 200:
            return
        content = operation.data["responses"]["200"]["content"]["application/json"]
        try:
            body = json.loads(reply.content)
            self._validate(operation, content["schema"], body, "answer", loose=True)
        except Violation as error:
            raise AssertionError(str(error)) from None


def _full(base: str, path: str) -> str:
    """Some documents name the base in each path, others do not."""
    return path if path.startswith(base) else base + path


def _resolved(components: Json, row: Json) -> Json:
    if "$ref" in row:
        return dict(components["parameters"][row["$ref"].rpartition("/")[2]])
    return row


def _typed(row: Json, text: str) -> Any:
    if row["schema"].get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    return text


def _loose(value: Any) -> Any:
    if isinstance(value, list):
        return [_loose(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _loose(item)
            for key, item in value.items()
            if key not in LOOSE or not isinstance(item, str)
        }
    return value
