"""The vendor's OpenAPI documents: every request and every answer is held against them."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .wire import Json, Reply, Request

NAMES = (
    "sell_fulfillment_v1_oas3",
    "sell_inventory_v1_oas3",
    "sell_account_v1_oas3",
    "commerce_feedback_v1_beta_oas3",
    "commerce_notification_v1_oas3",
    "commerce_identity_v1_oas3",
    "developer_analytics_v1_beta_oas3",
    "cancellation_oas3",
)
JSON_TYPE = "application/json"
LOOSE = "cancellation_oas3"  # written by hand, without bodies: a guide, not a contract


class Violation(Exception):
    """A request the documents do not allow."""


@dataclass(frozen=True)
class Operation:
    """One call of one document."""

    document: str
    name: str
    data: Json
    scopes: frozenset[str]


class Spec:
    """The documents of a folder."""

    def __init__(self, folder: Path) -> None:
        import jsonschema  # the demo runs without it, and without the documents

        self._validator = jsonschema.Draft202012Validator
        self._documents: dict[str, Json] = {}
        self._routes: list[tuple[str, re.Pattern[str], Operation]] = []
        self._trading = json.loads((folder / "trading" / "trading_calls.json").read_text("utf-8"))
        for name in NAMES:
            text = (folder / "openapi" / f"{name}.json").read_text("utf-8")
            self._read(name, json.loads(text))

    def _read(self, name: str, document: Json) -> None:
        base = document["servers"][0]["variables"]["basePath"]["default"]
        schemas = document.get("components", {}).get("schemas", {})
        self._documents[name] = {"components": {"schemas": _strict(schemas)}}
        for path, methods in document["paths"].items():
            pattern = "".join(
                "[^/]+" if part.startswith("{") else re.escape(part)
                for part in re.split(r"(\{[^}]+\})", base + path)
            )
            for method, data in methods.items():
                if method not in ("get", "post", "put", "delete"):
                    continue
                scopes = [scope for way in data.get("security", []) for scope in way["api_auth"]]
                operation = Operation(name, data["operationId"], data, frozenset(scopes))
                self._routes.append((method.upper(), re.compile(pattern), operation))
        # literal paths go before those with a placeholder
        self._routes.sort(key=lambda route: route[1].pattern.count("[^/]+"))

    def operation(self, request: Request) -> Operation:
        """Return the call a request makes."""
        for method, pattern, operation in self._routes:
            if method == request.method and pattern.fullmatch(request.path):
                return operation
        raise Violation(f"{request.method} {request.path} is not in the documents")

    def check_request(self, request: Request, operation: Operation) -> None:
        """Refuse unknown parameters and fields, wrong types, missing headers."""
        parameters = operation.data.get("parameters", [])
        known = {row["name"] for row in parameters if row["in"] == "query"}
        if unknown := set(request.query) - known:
            raise Violation(f"{operation.name}: unknown parameters {sorted(unknown)}")
        for row in parameters:
            if row["in"] == "query" and row.get("required") and row["name"] not in request.query:
                raise Violation(f"{operation.name}: parameter {row['name']} is missing")
            if row["in"] == "header" and row.get("required"):
                self._check_header(request, operation, row["name"])
        if operation.document != LOOSE:
            self._check_body(request, operation)

    def _check_header(self, request: Request, operation: Operation, name: str) -> None:
        value = request.headers.get(name.lower())
        if value is None or (name == "Content-Type" and value.split(";")[0] != JSON_TYPE):
            raise Violation(f"{operation.name}: header {name} is {value!r}")

    def _check_body(self, request: Request, operation: Operation) -> None:
        content = operation.data.get("requestBody", {}).get("content", {}).get(JSON_TYPE)
        if content is None:
            if request.body:
                raise Violation(f"{operation.name}: takes no body")
            return
        try:
            body = json.loads(request.body)
        except ValueError:
            raise Violation(f"{operation.name}: the body is no JSON") from None
        self._validate(operation, content["schema"], body)

    def _validate(self, operation: Operation, schema: Json, value: Any) -> None:
        whole = {**self._documents[operation.document], **_reference(schema)}
        for error in self._validator(whole).iter_errors(value):
            raise Violation(f"{operation.name}: {error.json_path}: {error.message[:200]}")

    def check_reply(self, operation: Operation, reply: Reply) -> None:
        """Hold our own answers to the documents as well."""
        responses = operation.data["responses"]
        status = str(reply.status)
        # 401, 403, 404 and 429 may always come; 207 is described without a body
        if status not in responses and reply.status not in (401, 403, 404, 429):
            raise AssertionError(f"{operation.name} never answers {status}")
        described = responses.get("200" if status == "207" else status, {})
        content = (described.get("content") or {}).get(JSON_TYPE)
        if content and reply.body is not None:
            try:
                self._validate(operation, content["schema"], reply.body)
            except Violation as error:
                raise AssertionError(str(error)) from None

    def validate(self, document: str, schema: str, value: Any) -> None:
        """Hold any value to a schema."""
        operation = Operation(document, schema, {}, frozenset())
        self._validate(operation, {"$ref": f"#/components/schemas/{schema}"}, value)

    def trading_fields(self, kind: str) -> set[str]:
        """Return the fields of a type of the Trading API."""
        return {row["name"] for row in self._trading["types"][kind]}


def _reference(schema: Json) -> Json:
    """Return a schema without texts beside a reference."""
    return {"$ref": schema["$ref"]} if "$ref" in schema else _strict(schema)


def _strict(value: Any) -> Any:
    """Return schemas that refuse fields they do not name."""
    if isinstance(value, list):
        return [_strict(item) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": value["$ref"]}
    found = {key: _strict(item) for key, item in copy.copy(value).items() if key != "description"}
    if found.get("type") == "object" and isinstance(found.get("properties"), dict):
        found.setdefault("additionalProperties", False)
    return found
