"""The package keeps its order: imports run one way, the base install stands alone, and every module says what it is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dermagrade.cli.main import COMMANDS
from dermagrade.weights.backends import BACKENDS
from source_tree import MODULES, REPOSITORY, SRC, Import, imports, imports_of, name_of

NOUNS = {"types", "errors", "scales", "light", "masks"}
READING = NOUNS | {"photo", "weights", "face"}
GRADING = READING | {"simulate", "grading", "conditions"}
REPORTING = GRADING | {"assess", "tables", "training", "evaluation", "reports"}

#: What each part of the package may import besides itself. A part that is not named here fails the test: it has to
#: be given its place first.
MAY_IMPORT: dict[str, set[str]] = {
    "types": set(),
    "errors": set(),
    "environment": {"errors"},
    "telemetry": set(),
    "light": set(),
    "masks": set(),
    "scales": {"types", "errors"},
    "photo": NOUNS,
    "weights": {"types", "errors", "telemetry"},
    "face": NOUNS | {"photo", "weights"},
    "tables": NOUNS | {"photo"},
    "simulate": READING,
    "grading": READING | {"simulate"},
    "conditions": READING | {"simulate", "grading"},
    "assess": GRADING,
    "evaluation": GRADING | {"assess", "tables"},
    "training": GRADING | {"assess", "tables", "evaluation", "telemetry"},
    "reports": GRADING | {"assess", "tables", "evaluation"},
    "advice": NOUNS,
    "people": NOUNS | {"environment", "photo", "tables", "conditions"},
    "service": REPORTING | {"advice", "environment", "people"},
    "cli": REPORTING | {"advice", "environment", "people", "service", "telemetry"},
    "__main__": {"cli"},
}

#: The only part that may need the train extra as soon as it is imported.
NEED_TRAIN_EXTRA = {"training"}

#: The extra that a part may need as soon as it is imported.
EXTRA_OF = {**dict.fromkeys(NEED_TRAIN_EXTRA, "train"), "service": "server", "people": "server"}

#: Where a package is imported by another name than it is installed by.
IMPORT_NAMES = {
    "argon2-cffi": "argon2",
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
    "pi-heif": "pi_heif",
    "scikit-image": "skimage",
}


def part_of(path: Path) -> str:
    """The part of the package that a file belongs to: the first name below ``dermagrade``."""
    return path.relative_to(SRC / "dermagrade").parts[0].removesuffix(".py")


def breaches(part: str, found: list[Import]) -> list[str]:
    """Those imports that lead from ``part`` to a part it may not need, each with its line."""
    allowed = MAY_IMPORT[part] | {part}
    wrong = []
    for item in found:
        package, _, rest = item.name.partition(".")
        target = rest.partition(".")[0]
        # ``from dermagrade import __version__`` names no part.
        if package == "dermagrade" and target not in allowed and not re.fullmatch(r"__\w+__", target):
            wrong.append(f"line {item.line}: {part} may not import {item.name}")
    return wrong


def declared(*extras: str) -> set[str]:
    """Import names of the packages that the base install, or else the extras named, ask for."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    optional = project["optional-dependencies"]
    wanted = [line for extra in extras for line in optional[extra]] if extras else project["dependencies"]
    names = {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in wanted}
    return {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names}


def all_extras() -> set[str]:
    """Import names of everything that any extra brings, beyond the base install."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    return declared(*project["optional-dependencies"]) - declared()


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a new interpreter that sees this source tree first."""
    prologue = f"import sys; sys.path.insert(0, {str(SRC)!r})\n"
    return subprocess.run([sys.executable, "-c", prologue + code], capture_output=True, text=True, check=False)


def extra_of(path: Path) -> str | None:
    """The extra that a file may need as soon as it is imported: that of its part, or of the backend that it is."""
    if path.parent == SRC / "dermagrade/weights/backends" and path.stem in BACKENDS:
        return BACKENDS[path.stem].extra
    return EXTRA_OF.get(part_of(path))


def test_the_order_itself_runs_one_way() -> None:
    settled: set[str] = set()
    while ready := {part for part, needs in MAY_IMPORT.items() if needs <= settled} - settled:
        settled |= ready
    assert settled == set(MAY_IMPORT), f"these parts need each other: {set(MAY_IMPORT) - settled}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_stands_below_it(path: Path) -> None:
    part = part_of(path)
    if part == "__init__":
        assert not [item.name for item in imports_of(path) if item.name.split(".")[0] not in sys.stdlib_module_names]
    else:
        assert part in MAY_IMPORT, f"give {part} its place in MAY_IMPORT"
        assert breaches(part, imports_of(path)) == []


@pytest.mark.parametrize(
    ("package", "line"),
    [
        ("dermagrade.photo", "from dermagrade.face.zones import find"),
        ("dermagrade.photo", "from dermagrade import face"),
        ("dermagrade.photo", "from ..face import zones"),
        ("dermagrade.photo", "def f():\n    import dermagrade.face.zones"),
        ("dermagrade.photo", "if TYPE_CHECKING:\n    from dermagrade.cli import main"),
        ("dermagrade", "from .conditions import acne"),
    ],
)
def test_the_order_catches_every_way_to_write_an_upward_import(package: str, line: str) -> None:
    assert len(breaches("photo", list(imports(ast.parse(line), package)))) == 1


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_needs_on_load_only_what_its_install_brings(path: Path) -> None:
    extra = extra_of(path)
    allowed = declared() | (declared(extra) if extra else set())
    outside = {
        item.name: item.line
        for item in imports_of(path)
        if item.on_load and item.name.split(".")[0] not in allowed | sys.stdlib_module_names | {"dermagrade"}
    }
    assert outside == {}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_nothing_that_pyproject_does_not_declare(path: Path) -> None:
    known = declared() | all_extras() | sys.stdlib_module_names | {"dermagrade"}
    assert {item.name for item in imports_of(path) if item.name.split(".")[0] not in known} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{name_of(path)} has no docstring"


def test_importing_dermagrade_loads_neither_torch_nor_a_web_package() -> None:
    unwanted = {"torch", "fastapi", "starlette", "typer", "matplotlib", "scipy", "skimage"} | all_extras()
    run = python(f"import dermagrade\nprint(sorted({unwanted!r} & set(sys.modules)))")
    assert run.stderr == ""
    assert run.stdout == "[]\n"


def test_all_but_training_the_service_and_their_commands_load_without_the_extras() -> None:
    # A command that names its extra in the table is loaded only when it is asked for.
    optional = {command.module for command in COMMANDS if command.extra}
    base = [path for path in MODULES if extra_of(path) is None and part_of(path) != "__main__"]
    names = [".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__") for path in base]
    # None in sys.modules makes the import fail as if the package were not installed.
    run = python(
        "import importlib, warnings\n"
        "warnings.simplefilter('error')\n"
        f"sys.modules.update(dict.fromkeys({sorted(all_extras())!r}))\n"
        f"for name in {[name for name in names if name not in optional]!r}:\n    importlib.import_module(name)\n"
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""


#: Stands above the whole package and outside it: it may import everything, and nothing of the package imports it.
LABORATORY = sorted((REPOSITORY / "laboratory").rglob("*.py"))


@pytest.mark.parametrize("path", LABORATORY, ids=lambda path: path.name)
def test_the_laboratory_stands_on_the_package_and_on_what_it_declares(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    known = declared() | declared("train") | sys.stdlib_module_names | {"dermagrade", "laboratory"}
    assert {item.name for item in imports(tree, "laboratory") if item.name.split(".")[0] not in known} == set()
    assert ast.get_docstring(tree)


@pytest.mark.skipif(not LABORATORY, reason="the laboratory is not part of the source distribution")
def test_the_laboratory_says_what_each_of_its_scripts_measures() -> None:
    readme = (REPOSITORY / "laboratory/README.md").read_text("utf-8")
    scripts = [path.stem for path in LABORATORY if "__main__" in path.read_text("utf-8")]
    assert [name for name in scripts if f"| `{name}" not in readme] == []
    lists = sorted(path.name for path in (REPOSITORY / "laboratory/lists").iterdir())
    assert [name for name in lists if f"`{name}`" not in readme] == []
