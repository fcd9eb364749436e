"""A condition is known by its folder, its weights and its line in the table, and nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "dermagrade"

#: Where the word may stand: the condition's own places, and what speaks of skin in general.
MAY_SAY = (
    "conditions/__init__.py",
    "conditions/pigmentation/",
    "weights/",
    "scales.py",
    "face/chromophores.py",
    "simulate/",
    # What acne's network mistakes for lesions is said in its card.
    "conditions/acne/recipes.py",
)
WORD = "pigment"


def said_in_code(text: str) -> list[str]:
    """Names and texts of a module that hold the word; docstrings may cite a source, and comments too."""
    tree = ast.parse(text)
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)
    }
    words = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            words += [node.value] if isinstance(node.value, str) and id(node) not in docstrings else []
        else:
            fields = (getattr(node, name, None) for name in ("id", "attr", "name", "arg", "module", "asname"))
            words += [field for field in fields if isinstance(field, str)]
    return [word for word in words if WORD in word.lower()]


@pytest.mark.parametrize(
    "path",
    [p for p in sorted(SRC.rglob("*.py")) if not p.relative_to(SRC).as_posix().startswith(MAY_SAY)],
    ids=lambda path: path.relative_to(SRC).as_posix(),
)
def test_no_other_module_knows_the_second_condition_by_name(path: Path) -> None:
    assert said_in_code(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", sorted((SRC / "reports").rglob("*.html")), ids=lambda path: path.name)
def test_no_page_knows_it_either(path: Path) -> None:
    assert WORD not in path.read_text("utf-8").lower()


@pytest.mark.parametrize(
    "code",
    [
        "from dermagrade.conditions.pigmentation import grade",
        "x = CONDITIONS['pigmentation']",
        "def paint_pigment(): pass",
        "f(pigment=1)",
        "x.pigment = 1",
        "import a as pigments",
    ],
)
def test_a_name_would_be_found(code: str) -> None:
    assert said_in_code(code)


def test_a_cited_source_is_no_name() -> None:
    assert said_in_code('"""Source: a study of hyperpigmentation."""\n# pigment\n') == []
