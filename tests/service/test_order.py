"""Inside the service imports run one way, too: settings, what pages share, routes for programs, the sign-in, faces."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dermagrade.service

FOLDER = Path(dermagrade.service.__file__).parent

#: What each part may import besides itself.
MAY_IMPORT: dict[str, set[str]] = {
    "settings": set(),
    "web": {"settings"},
    "api": {"settings", "web"},
    "signin": {"settings", "web", "api"},
    "person": {"settings", "web", "api", "signin"},
    "desk": {"settings", "web", "api", "signin"},
    "team": {"settings", "web", "api", "signin"},
    "faces": {"web", "api", "signin", "person", "desk", "team"},
    "app": {"settings", "web", "api", "signin", "faces"},
    "server": {"settings", "web"},
}

MODULES = sorted(path for path in FOLDER.rglob("*.py") if path != FOLDER / "__init__.py")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(FOLDER).with_suffix("").parts).removesuffix(".__init__")


def part_of(dotted: str) -> str:
    return dotted.partition(".")[0]


def imported(path: Path) -> Iterator[str]:
    """Names below ``dermagrade.service`` that a file imports, wherever in it."""
    start = "dermagrade.service."
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            for alias in node.names:
                yield from [f"{node.module}.{alias.name}".removeprefix(start)] * f"{node.module}.".startswith(start)
                yield from [alias.name] * (node.module == "dermagrade.service")
        elif isinstance(node, ast.Import):
            yield from (alias.name.removeprefix(start) for alias in node.names if alias.name.startswith(start))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_part_imports_only_what_stands_below_it(path: Path) -> None:
    part = part_of(name_of(path))
    assert part in MAY_IMPORT, f"give {part} its place in MAY_IMPORT"
    assert [name for name in imported(path) if part_of(name) not in MAY_IMPORT[part] | {part}] == []


def test_the_order_itself_runs_one_way() -> None:
    settled: set[str] = set()
    while ready := {part for part, needs in MAY_IMPORT.items() if needs <= settled} - settled:
        settled |= ready
    assert settled == set(MAY_IMPORT)


def test_no_module_of_the_service_needs_itself() -> None:
    known = {name_of(path) for path in MODULES}
    needs = {
        name_of(path): {
            name if name in known else name.rpartition(".")[0] for name in imported(path) if name != "dermagrade"
        }
        & known
        for path in MODULES
    }
    settled: set[str] = set()
    while ready := {name for name, others in needs.items() if others - {name} <= settled} - settled:
        settled |= ready
    assert known - settled == set(), "these modules need each other"


def test_no_face_has_a_crowded_folder() -> None:
    for folder in {path.parent for path in MODULES}:
        assert len([path for path in folder.glob("*.py") if path.name != "__init__.py"]) <= 20, folder


def test_every_face_keeps_its_templates_and_files_in_its_own_folder() -> None:
    from dermagrade.service.faces import FACES

    below = {path for kind in ("*.html", "*.css", "*.js") for path in FOLDER.rglob(kind)}
    kept = {path for face in FACES for path in below if path.is_relative_to(face.folder)}
    assert kept == below
    assert {path.relative_to(FOLDER).parts[-2] for path in below if path.suffix == ".html"} == {"templates"}
    assert {path.relative_to(FOLDER).parts[-2] for path in below if path.suffix == ".js"} == {"static"}
