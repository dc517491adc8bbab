"""The picture of the add-ons in docs/architecture.md is the one their manifests draw."""

import re

import pytest
from house import paths, templates

PAGE = paths.ROOT / "docs" / "architecture.md"


def _drawn() -> set[tuple[str, str]]:
    graph = re.search(r"```mermaid\ngraph (.*?)```", PAGE.read_text(), re.DOTALL)
    assert graph, "docs/architecture.md has no mermaid graph"
    return set(re.findall(r"^\s*(\w+) --> (\w+)\s*$", graph.group(1), re.MULTILINE))


def _true() -> set[tuple[str, str]]:
    names = paths.addon_names()
    return {(name, need) for name in names for need in templates.manifest(name)["depends"]}


def test_graph_equals_manifests() -> None:
    assert sorted(_drawn()) == sorted(_true())


@pytest.mark.parametrize("addon", paths.addon_names())
def test_no_cycles(addon: str) -> None:
    needs = templates.manifest(addon)["depends"]
    assert addon not in templates.closure(needs)


@pytest.mark.parametrize("addon", paths.addon_names())
def test_nothing_needs_glue(addon: str) -> None:
    own = set(paths.addon_names()) & set(templates.manifest(addon)["depends"])
    assert not [name for name in own if templates.manifest(name).get("auto_install")]
