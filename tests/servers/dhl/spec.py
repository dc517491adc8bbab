"""DHL's OpenAPI document: every request and every answer is held against it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from ..base import Call, Sent

Json = dict[str, Any]

NAME = "parcel-de-shipping-v2.yaml"
REPEATED = ("shipment",)


class Violation(Exception):
    """A request the document does not allow."""


class Spec:
    """The document. Unlike its letters, names it does not know are refused: they are mistakes."""

    def __init__(self, folder: Path) -> None:
        import yaml  # the demo runs without these, and without the document
        from openapi_schema_validator import OAS30Validator

        self._validator = OAS30Validator
        document = yaml.safe_load((folder / NAME).read_text("utf-8"))
        self._paths: Json = document["paths"]
        self._components: Json = document["components"]
        self._strict: Json = {
            "schemas": {
                name: _closed(copy.deepcopy(schema))
                for name, schema in document["components"]["schemas"].items()
            }
        }

    def operation(self, method: str, path: str) -> Json:
        """Return what the document says of a call; ``path`` is without the base."""
        found = self._paths.get(path, {}).get(method.lower())
        if found is None:
            raise Violation(f"{method} {path} is not in the document")
        return dict(found)

    def check_request(self, call: Call, operation: Json) -> None:
        """Refuse unknown and repeated parameters, missing and wrong values, wrong bodies."""
        rows = {row["name"]: row for row in operation.get("parameters", []) if row["in"] == "query"}
        given: dict[str, list[str]] = {}
        for name, value in call.query:
            given.setdefault(name, []).append(value)
        for name, values in given.items():
            if name not in rows:
                raise Violation(f"unknown parameter {name}")
            if len(values) > 1 and name not in REPEATED:
                raise Violation(f"parameter {name} comes twice")
            self._check_values(rows[name], values)
        for name, row in rows.items():
            if row.get("required") and not given.get(name):
                raise Violation(f"parameter {name} is missing")
        self._check_body(call, operation)

    def _check_values(self, row: Json, values: list[str]) -> None:
        schema = row["schema"].get("items", row["schema"])
        for value in values:
            typed: Any = value
            if schema.get("type") == "boolean":
                if value not in ("true", "false"):
                    raise Violation(f"{row['name']}: {value!r} is neither true nor false")
                typed = value == "true"
            self.check(schema, typed, row["name"])

    def _check_body(self, call: Call, operation: Json) -> None:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            if call.body:
                raise Violation("takes no body")
            return
        if call.small_headers.get("content-type") != "application/json":
            raise Violation("the body is not sent as JSON")
        try:
            body = json.loads(call.body)
        except ValueError:
            raise Violation("the body is no JSON") from None
        self.check(content["schema"], body, "body", strict=True)

    def check(self, schema: Json, value: Any, name: str, *, strict: bool = False) -> None:
        """Raise :class:`Violation` where a value is not what the schema says."""
        components = self._strict if strict else self._components
        validator = self._validator({**schema, "components": components})
        for error in validator.iter_errors(value):
            raise Violation(f"{name}: {error.json_path}: {error.message[:300]}")

    def check_shipments(self, body: Any) -> None:
        """Hold the body of an order against the document."""
        schema = {"$ref": "#/components/schemas/ShipmentOrderRequest"}
        self.check(schema, body, "body", strict=True)

    def check_reply(self, operation: Json, reply: Sent) -> None:
        """Hold our own answers to the document as well."""
        answer = operation["responses"].get(str(reply.status))
        if answer is None:
            raise AssertionError(f"no answer of {reply.status} in the document")
        if "$ref" in answer:
            answer = self._components["responses"][answer["$ref"].rpartition("/")[2]]
        for content in answer["content"].values():
            try:
                self.check(content["schema"], json.loads(reply.content), "answer")
            except Violation as error:
                raise AssertionError(str(error)) from None


def _closed(schema: Any) -> Any:
    """The same schema, in which no other names are allowed than those it tells."""
    if isinstance(schema, dict):
        for value in schema.values():
            _closed(value)
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
    elif isinstance(schema, list):
        for value in schema:
            _closed(value)
    return schema
