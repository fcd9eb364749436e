"""What the wheel holds: the package and nothing of the laboratory, no list of photos, no collection known by code."""

from __future__ import annotations

import csv
import importlib.util
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from source_tree import PACKAGE, REPOSITORY, SRC

LABORATORY = REPOSITORY / "laboratory"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
TARGETS = PROJECT["tool"]["hatch"]["build"]["targets"]
#: Collections by the names that files and articles give them. ``P101`` and the like are findings, and no such name.
COLLECTIONS = re.compile(
    r"\b(scut|scut-fbp5500|utk|utkface|acne04|acne_?scu|p1|celeba(mask)?(-hq)?|fairface|lapa|ffhq|300-?vw|acne_multimodal)\b",
    re.IGNORECASE,
)
#: Where a collection has to be named: a card, and the manifest it is made of, say what the weights learnt from.
CARDS = re.compile(r"dermagrade/weights/\w+\.(json|md)")
PICTURE = re.compile(r"[\w.-]+\.(?:jpe?g|png)\b", re.IGNORECASE)


def shipped() -> Iterator[tuple[str, str]]:
    """Name and text of each file that the package holds, the networks and pictures left out."""
    for path in sorted(PACKAGE.rglob("*")):
        if (
            path.is_file()
            and "__pycache__" not in path.parts
            and path.suffix not in {".onnx", ".png", ".ico", ".woff2"}
        ):
            yield path.relative_to(SRC).as_posix(), path.read_text("utf-8")


def test_the_wheel_takes_the_package_alone() -> None:
    assert TARGETS["wheel"] == {"packages": ["src/dermagrade"]}
    assert {"/laboratory", "/tests/laboratory"} <= set(TARGETS["sdist"]["exclude"])


@pytest.mark.skipif(
    importlib.util.find_spec("hatchling") is None, reason="hatchling, which builds it, is not installed"
)
def test_a_wheel_that_is_built_holds_nothing_else(tmp_path: Path) -> None:
    from hatchling.builders.wheel import WheelBuilder

    (built,) = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        parts = {name.split("/")[0].split("-")[0] for name in wheel.namelist()}
        assert parts == {"dermagrade"}
        assert not any("laborator" in name for name in wheel.namelist())


def test_no_file_of_the_package_but_a_card_names_a_collection() -> None:
    named = {name: sorted(set(COLLECTIONS.findall(text))) for name, text in shipped() if not CARDS.fullmatch(name)}
    assert {name: found for name, found in named.items() if found} == {}


def test_the_search_for_collections_finds_them_and_leaves_findings_alone() -> None:
    for text in ('SHARES = {"utk": 1}', "as in UTKFace", "faces/p1/a.jpg", "ACNE04's annotations", "SCUT-FBP5500"):
        assert COLLECTIONS.search(text), text
    for text in ("P101", "p10", "P1 = 3".replace("P1", "P11"), "scuttle", "app1"):
        assert not COLLECTIONS.search(text), text


def test_the_package_holds_no_table_of_photos() -> None:
    assert [name for name, _ in shipped() if name.endswith((".csv", ".tsv", ".xlsx", ".npz"))] == []


@pytest.mark.skipif(not LABORATORY.is_dir(), reason="the laboratory is not part of the source distribution")
def test_no_photo_of_a_list_is_named_in_the_package() -> None:
    listed = set()
    for table in sorted((LABORATORY / "lists").glob("*.csv")):
        with table.open(encoding="utf-8", newline="") as lines:
            listed |= {row["photo"] for row in csv.DictReader(lines) if row.get("photo")}
    assert len(listed) > 1000
    assert {name: found for name, text in shipped() if (found := listed & set(PICTURE.findall(text)))} == {}


def test_no_module_of_the_package_is_a_script() -> None:
    scripts = [name for name, text in shipped() if name.endswith(".py") and "__name__ ==" in text]
    assert scripts == ["dermagrade/__main__.py"]
