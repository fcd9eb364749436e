"""A stranger adds a condition that takes a series: ``compare`` asks it, and single photos pass it over.

The condition is ``tests/additions/darkening``; CONTRIBUTING walks through it.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from additions.house_copy import PACKAGE, HouseCopy

#: Tests that run over the conditions' table.
OVER_THE_TABLE = (
    "conditions/test_table.py",
    "assess/test_series.py",
    "cli/test_evaluate.py",
    "training/run/test_card.py",
    "training/test_engines.py",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> HouseCopy:
    """The package with the condition added."""
    house = HouseCopy(tmp_path_factory.mktemp("darkening"))
    house.add("darkening", to="conditions")
    house.add_line("conditions/__init__.py", after='"pigmentation",', line='    "darkening",')
    return house


def test_it_took_one_folder_and_one_line(house: HouseCopy) -> None:
    assert house.changed() == {"conditions/__init__.py"}
    text, before = ((root / "conditions" / "__init__.py").read_text("utf-8") for root in (house.package, PACKAGE))
    assert len(text.splitlines()) == len(before.splitlines()) + 1


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory, portrait: Path) -> Path:
    """One face in less and less light, and a table of it."""
    folder = tmp_path_factory.mktemp("faces")
    with Image.open(portrait) as picture:
        pixels = np.asarray(picture.convert("RGB"), np.float64)
    for week, light in enumerate((1.0, 0.88, 0.76)):
        Image.fromarray(np.clip(pixels * light, 0, 255).astype(np.uint8)).save(folder / f"w{week}.jpg", quality=95)
    rows = [f"w{week}.jpg,p1,2026-03-{1 + 7 * week:02d}" for week in (2, 0, 1)]
    (folder / "series.csv").write_text("\n".join(["photo,subject,taken_at", *rows]) + "\n")
    return folder


def test_compare_asks_it_and_prints_one_object_a_series(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    photos = [faces / f"w{week}.jpg" for week in range(3)]
    done = house.run("compare", "--json", *photos, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    assert list(record) == [
        *("subject", "photos", "taken_at", "status", "darkening", "findings", "model", "elapsed_ms"),
    ]
    assert record["darkening"]["verdict"] == "worse"
    assert record["darkening"]["scores"] == sorted(record["darkening"]["scores"])
    assert {zone["verdict"] for zone in record["darkening"]["zones"].values()} == {"worse"}
    # Every photo was assessed as by assess, so that a condition of series sees all other answers.
    assert {"read", "face", "screen", "acne", "pigmentation", "compare_darkening"} == set(record["elapsed_ms"])


def test_in_reverse_it_mirrors_and_a_table_puts_the_photos_in_order(
    house: HouseCopy, faces: Path, tmp_path: Path
) -> None:
    back = json.loads(
        house.run("compare", "--json", *(faces / f"w{week}.jpg" for week in (2, 1, 0)), cwd=tmp_path).stdout
    )
    forth = json.loads(house.run("compare", "--json", "--table", faces / "series.csv", cwd=tmp_path).stdout)
    assert forth["subject"] == "p1"
    assert [Path(name).name for name in forth["photos"]] == ["w0.jpg", "w1.jpg", "w2.jpg"]
    assert (back["darkening"]["verdict"], forth["darkening"]["verdict"]) == ("improved", "worse")
    assert back["darkening"]["difference"] == -forth["darkening"]["difference"]
    assert back["darkening"]["scores"] == forth["darkening"]["scores"][::-1]


def test_single_photos_pass_it_over_and_say_so_where_it_is_named(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    done = house.run("assess", "--json", "--csv", "out.csv", faces / "w0.jpg", cwd=tmp_path)
    assert done.returncode == 0
    assert "darkening" not in json.loads(done.stdout)
    assert "darkening" not in (tmp_path / "out.csv").read_text()
    (tmp_path / "labels.csv").write_text("photo,subject,grade\nw0.jpg,p,2\n")
    for call in (
        ("assess", "--condition", "darkening", faces / "w0.jpg"),
        ("evaluate", "darkening", "--labels", "labels.csv", "--images", faces),
        ("power", "darkening", "--effect", "1"),
    ):
        named = house.run(*call, cwd=tmp_path)
        assert named.returncode == 2, call
        assert named.stderr == "dermagrade: darkening compares photos of one person; use dermagrade compare.\n"


def test_the_other_commands_and_the_service_still_stand(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    assert house.run("models", cwd=tmp_path).returncode == 0
    assert house.run("train", "--help", cwd=tmp_path).returncode == 0
    for call in (
        ("simulate", faces / "w0.jpg", "--condition", "darkening", "--out", "o"),
        ("train", "darkening", "--out", "o"),
    ):
        assert house.run(*call, cwd=tmp_path).returncode == 2
    code = (
        "from dermagrade.service.app import create_app\n"
        "document = create_app().openapi()\n"
        "print('darkening' in document['components']['schemas']['PhotoRecord']['properties'])"
    )
    done = house.python("-c", code, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "False\n"), done.stderr


def test_the_tests_that_run_over_the_table_hold_for_it(house: HouseCopy, tmp_path: Path) -> None:
    tests = Path(__file__).resolve().parents[1]
    done = house.python(
        *("-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-o", f"pythonpath={house.folder} {tests}"),
        *(f"--rootdir={tests.parent}", *(str(tests / place) for place in OVER_THE_TABLE)),
        *("-k", "darkening or mirror or help"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-2000:]
