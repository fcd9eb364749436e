"""The house keeps its rules: no rings, no crowded folders, one name for one meaning, one reader for each thing."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from source_tree import MODULES, PACKAGE, dotted, imports_of, name_of

#: Modules of one folder, its ``__init__`` not counted.
MOST_MODULES = 20

#: Modules whose public classes may be called like others, and why.
NAMESAKES = {"dermagrade.service.api.records": "its names are those of the OpenAPI document, and of what they describe"}

#: Folders whose ``__init__`` holds something besides its docstring, and why.
TABLES = {
    "dermagrade": "the version",
    "dermagrade.conditions": "the table of conditions",
    "dermagrade.people.store.migrations": "Alembic looks for its environment there",
    "dermagrade.weights.backends": "the table of backends",
}

#: What says nothing as the name of a module: its noun is missing.
VAGUE = {
    *("asked", "base", "common", "core", "helpers", "misc", "rows", "stuff", "things", "told", "tools", "trouble"),
    *("util", "utils", "whole", "work"),
}

#: What only some modules may touch, by how it is written: a second reader or writer of the same thing is a defect.
ONE_PLACE = {
    "CSV": (
        re.compile(r"^\s*(import csv\b|from csv\b)", re.M),
        {"dermagrade.tables.csv_text", "dermagrade.tables.row"},
    ),
    "ONNX Runtime": (
        re.compile(r"^\s*(import|from) onnxruntime\b", re.M),
        {"dermagrade.weights.backends.onnxruntime"},
    ),
    "HEIC": (re.compile(r"^\s*(import|from) (pillow_heif|pi_heif)\b", re.M), {"dermagrade.photo.read"}),
}

#: Modules that open pictures of our own making; people's photos are opened in :mod:`dermagrade.photo.read` alone.
OWN_PICTURES = {
    "dermagrade.people.studies.incoming": "a small copy of a stored photo",
    "dermagrade.simulate.skin": "drawn skin, back from a JPEG",
    "dermagrade.simulate.truth_map": "maps of the truth",
    "dermagrade.training.lesions.data": "augmented pictures, back from a JPEG",
    "dermagrade.training.lesions.simulated_pictures": "pictures that come inside packages",
    "dermagrade.training.zones.noface": "pictures that come inside packages",
}

#: Numbers of the sRGB curve, of luminance and of CIE Lab.
OF_LIGHT = re.compile(
    r"0\.04045|12\.92\b|0\.0031308|\b1\.055\b|0\.2126|0\.7152|0\.0722|0\.299\b|0\.587\b|0\.114\b|0\.4124|0\.008856|903\.3|95\.047"
)

NAMES = {dotted(path): path for path in MODULES}


def needs(name: str) -> set[str]:
    """Modules of the package that one module imports, those included that its functions import when they run."""
    found = set()
    for item in imports_of(NAMES[name]):
        target = item.name
        while target not in NAMES and "." in target:
            target = target.rpartition(".")[0]
        if target in NAMES and target not in {name, "dermagrade"}:
            found.add(target)
    return found


def rings(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that need each other, by Tarjan's strongly connected components (SIAM J Comput 1972;1:146)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = lowest[name] = len(number)
        path.append(name)
        for other in sorted(graph[name]):
            if other not in number:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in path:
                lowest[name] = min(lowest[name], number[other])
        if lowest[name] == number[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in graph:
        if name not in number:
            visit(name)
    return found


def public_classes(path: Path) -> Iterator[str]:
    """Names of the classes that a module defines at its top, those for its own use left out."""
    tree = ast.parse(path.read_text("utf-8"))
    return (node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


def holding(pattern: re.Pattern[str]) -> set[str]:
    """Modules whose text matches."""
    return {dotted(path) for path in MODULES if pattern.search(path.read_text("utf-8"))}


def test_the_search_finds_every_ring() -> None:
    assert rings({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": {"f"}, "f": {"e"}}) == [
        ["a", "b", "c"],
        ["e", "f"],
    ]
    assert rings({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_modules_need_each_other() -> None:
    assert rings({name: needs(name) for name in NAMES}) == []


def test_a_folder_says_what_it_is_and_nothing_else() -> None:
    full = {
        name for name, path in NAMES.items() if path.name == "__init__.py" and len(ast.parse(path.read_text()).body) > 1
    }
    assert full == set(TABLES)


def test_the_numbers_of_light_stand_in_one_place() -> None:
    assert holding(OF_LIGHT) == {"dermagrade.light"}


def test_the_package_knows_nothing_of_the_laboratory() -> None:
    assert {
        item.name for path in MODULES for item in imports_of(path) if item.name.split(".")[0] == "laboratory"
    } == set()


def test_every_module_has_a_name_that_says_something() -> None:
    assert [name_of(path) for path in MODULES if path.stem in VAGUE] == []


@pytest.mark.parametrize("thing", ONE_PLACE)
def test_each_thing_is_touched_in_one_place(thing: str) -> None:
    pattern, places = ONE_PLACE[thing]
    assert holding(pattern) == places


def test_only_the_photo_reader_opens_photos_of_people() -> None:
    assert holding(re.compile(r"\bImage\.open\(")) == set(OWN_PICTURES)


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent.relative_to(PACKAGE).as_posix() for path in MODULES if path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES} == {}


def test_a_public_class_has_a_name_of_its_own() -> None:
    homes = defaultdict(list)
    for path in MODULES:
        if dotted(path) in NAMESAKES:
            continue
        for name in public_classes(path):
            homes[name].append(dotted(path))
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
