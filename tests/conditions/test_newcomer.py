"""A condition is known by its folder, its weights and its line in the table, and nowhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "dermagrade"

#: Where words of every condition may stand: the table, the scales, the weights, and the physics of painting.
EVERY = ("conditions/__init__.py", "weights/", "scales.py", "simulate/")

#: Words of a condition to its own places, and to others with the reason why.
MAY_SAY: dict[str, tuple[str, ...]] = {
    "pigment": (
        "conditions/pigmentation/",
        # Melanin is in all skin.
        "face/chromophores.py",
        # What acne's network mistakes for lesions is said in its card.
        "conditions/acne/recipes.py",
    ),
    "acne": (
        "conditions/acne/",
        # The engines of lesions read their map as acne's folder does.
        "training/lesions/",
        # Sources of ideas.
        "training/patch_features/mlp.py",
        "training/patch_features/roll.py",
        # The zone network learns from photos of acne too, a folder of their own (train zones --acne DIR).
        "training/zones/",
        "cli/train.py",
        # The demo shows one condition, and simulate paints its lesions by number where no grade is asked for.
        "cli/demo.py",
        "cli/simulate.py",
        # Column of simulated studies: spots that the truth does not count.
        "evaluation/painted/simulated_variety.py",
        # A warning about another disease, for whoever tries a photo.
        "service/person/try_photo/templates/page.html",
    ),
    "hayashi": (
        "conditions/acne/",
        "training/lesions/",
        "training/zones/",
        # Keys of files and records that stay: the set of classes that cannot be ruled out.
        "evaluation/answers.py",
        "evaluation/interval_coverage.py",
        "reports/evaluation/coverage.py",
        "training/run/figures.py",
    ),
}


def files(*endings: str) -> list[Path]:
    """Every file of the package with one of these endings."""
    return [path for path in sorted(SRC.rglob("*")) if path.suffix in endings]


def names_and_texts(text: str) -> list[str]:
    """Names and texts of a module; docstrings may cite a source or give an example, and comments too."""
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
    return words


def said_in_code(text: str, word: str) -> list[str]:
    """Those of them that hold the word."""
    return [name for name in names_and_texts(text) if word in name.lower()]


def others(path: Path) -> list[str]:
    """The conditions' words that a file must not say."""
    place = path.relative_to(SRC).as_posix()
    return [word for word, places in MAY_SAY.items() if not place.startswith((*EVERY, *places))]


@pytest.mark.parametrize("path", files(".py"), ids=lambda path: path.relative_to(SRC).as_posix())
def test_no_other_module_knows_a_condition_by_name(path: Path) -> None:
    text = path.read_text("utf-8")
    assert {word: said for word in others(path) if (said := said_in_code(text, word))} == {}


@pytest.mark.parametrize("path", files(".html", ".js"), ids=lambda path: path.relative_to(SRC).as_posix())
def test_no_page_knows_one_either(path: Path) -> None:
    text = path.read_text("utf-8").lower()
    assert [word for word in others(path) if word in text] == []


@pytest.mark.parametrize("word", MAY_SAY)
def test_every_place_that_may_say_a_word_says_it(word: str) -> None:
    said = [
        path.relative_to(SRC).as_posix()
        for path in files(".py", ".html", ".js", ".css")
        if word in path.read_text("utf-8").lower()
    ]
    assert [place for place in MAY_SAY[word] if not any(path.startswith(place) for path in said)] == []


@pytest.mark.parametrize("word", MAY_SAY)
@pytest.mark.parametrize(
    "code",
    [
        "from dermagrade.conditions.{0} import grade",
        "x = CONDITIONS['{0}ation']",
        "def paint_{0}(): pass",
        "f({0}=1)",
        "x.{0} = 1",
        "import a as {0}s",
    ],
)
def test_a_name_would_be_found(code: str, word: str) -> None:
    assert said_in_code(code.format(word), word)


def test_a_cited_source_is_no_name() -> None:
    assert said_in_code('"""Source: a study of hyperpigmentation."""\n# pigment\n', "pigment") == []
