"""Amazon's own models as a judge: nothing undocumented may be asked or answered.

The files are read where they lie; they are no part of the product. Every object is taken
strictly: a field the model does not name is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .wire import Json, Request

FILES = (
    "orders_2026-01-01",
    "ordersV0",
    "listingsItems_2021-08-01",
    "feeds_2021-06-30",
    "reports_2021-06-30",
    "solicitations",
    "sellers",
)
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
INSTANT_ANY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
PLAN = re.compile(r"\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|")


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or bool(INSTANT_ANY.fullmatch(value))


@dataclass
class Operation:
    """One operation of a model."""

    name: str
    method: str
    template: str
    parameters: list[Json]
    responses: Json
    definitions: Json
    rate: float
    burst: int
    deprecated: bool
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        parts = re.split(r"\{(\w+)\}", self.template)
        pattern = "".join(
            f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part)
            for index, part in enumerate(parts)
        )
        self.pattern = re.compile(pattern)


class Spec:
    """The models of a folder."""

    def __init__(self, folder: Path) -> None:
        import jsonschema  # the demo runs without it, and without the models

        self._judges = jsonschema
        self._formats = jsonschema.FormatChecker(formats=())
        self._formats.checks("date-time")(_is_instant)
        self.folder = folder
        self.operations: dict[str, Operation] = {}
        self._validators: dict[str, Any] = {}
        for name in FILES:
            for operation in _operations(json.loads((folder / f"models/{name}.json").read_text())):
                if operation.name not in self.operations:
                    self.operations[operation.name] = operation

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation a request is meant for."""
        for operation in self.operations.values():
            match = operation.pattern.fullmatch(path)
            if match and operation.method == method:
                return operation, match.groupdict()
        return None

    def request_problems(self, operation: Operation, request: Request) -> Iterator[str]:
        """What a request does that the model does not allow."""
        known = {row["name"]: row for row in operation.parameters if row["in"] == "query"}
        names = [name for name, _value in request.query]
        for name in {name for name in names if names.count(name) > 1}:
            yield f"parameter {name} is repeated"
        for name, value in request.query:
            if name not in known:
                yield f"parameter {name} is not documented"
            else:
                yield from _value_problems(name, value, known[name])
        for name, row in known.items():
            if row.get("required") and name not in names:
                yield f"parameter {name} is missing"
        yield from self._body_problems(operation, request)

    def _body_problems(self, operation: Operation, request: Request) -> Iterator[str]:
        bodies = [row for row in operation.parameters if row["in"] == "body"]
        if not bodies:
            if request.body:
                yield "a body is sent where none belongs"
            return
        if request.headers.get("content-type", "").split(";")[0] != "application/json":
            yield "the body is not sent as application/json"
            return
        validator = self._validator(f"{operation.name} body", operation, bodies[0]["schema"])
        yield from _problems(validator, request.json())

    def response_problems(self, operation: Operation, status: int, body: Any) -> Iterator[str]:
        """What an answer says that the model does not allow."""
        response = operation.responses.get(str(status))
        if response is None:
            yield f"status {status} is not documented"
        elif "schema" not in response:
            if body is not None:
                yield f"an answer {status} has no body"
        else:
            validator = self._validator(f"{operation.name} {status}", operation, response["schema"])
            yield from _problems(validator, body)

    def names_rate(self, operation: Operation, status: int) -> bool:
        """Whether an answer carries the rate."""
        headers = operation.responses.get(str(status), {}).get("headers", {})
        return "x-amzn-RateLimit-Limit" in headers

    def file_problems(self, name: str, data: Any) -> list[str]:
        """What is wrong with a feed or its report."""
        if name not in self._validators:
            schema = json.loads((self.folder / f"schemas/feeds/{name}.json").read_text())
            self._validators[name] = self._judges.Draft7Validator(_strict(schema))
        return list(_problems(self._validators[name], data))

    def _validator(self, key: str, operation: Operation, schema: Json) -> Any:
        if key not in self._validators:
            whole = {**_strict(schema), "definitions": operation.definitions}
            self._validators[key] = self._judges.Draft4Validator(
                whole, format_checker=self._formats
            )
        return self._validators[key]


def _operations(model: Json) -> Iterator[Operation]:
    definitions = _strict(model["definitions"])
    for template, methods in model["paths"].items():
        for method, row in methods.items():
            if method == "parameters":
                continue
            plan = PLAN.search(row.get("description", ""))
            yield Operation(
                row["operationId"],
                method.upper(),
                template,
                row.get("parameters", []),
                row["responses"],
                definitions,
                float(plan[1]) if plan else 1.0,
                int(plan[2]) if plan else 1,
                row.get("deprecated", False),
            )


def _strict(node: Any) -> Any:
    """A schema in which objects have no fields but the named ones."""
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: _strict(part) for key, part in node.items() if key not in ("example", "examples")}
    is_object = isinstance(node.get("properties"), dict) and node.get("type") == "object"
    if is_object and "oneOf" not in node and "additionalProperties" not in node:
        found["additionalProperties"] = False
    return found


def _problems(validator: Any, data: Any) -> Iterator[str]:
    for error in validator.iter_errors(data):
        yield f"{'.'.join(str(part) for part in error.path) or 'body'}: {error.message[:300]}"


def _value_problems(name: str, value: str, row: Json) -> Iterator[str]:
    """What is wrong with a parameter; several values are divided by commas."""
    if row["type"] == "array":
        values = value.split(",")
        if not row.get("minItems", 0) <= len(values) <= row.get("maxItems", 10**6):
            yield f"parameter {name} has {len(values)} values"
        for part in values:
            yield from _value_problems(name, part, row["items"])
        return
    if "enum" in row and value not in row["enum"]:
        yield f"parameter {name} may not be {value!r}"
    if row["type"] == "integer":
        if not re.fullmatch("[0-9]+", value):
            yield f"parameter {name} is no number: {value!r}"
        elif not row.get("minimum", 0) <= int(value) <= row.get("maximum", 10**9):
            yield f"parameter {name} is out of bounds: {value}"
    if row["type"] == "boolean" and value not in ("true", "false"):
        yield f"parameter {name} is neither true nor false"
    if row.get("format") == "date-time" and not INSTANT.fullmatch(value):
        yield f"parameter {name} is no instant in UTC: {value!r}"
    if not value:
        yield f"parameter {name} is empty"
