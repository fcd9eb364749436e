"""``dermagrade assess --visit``: several photos of one visit are one face and one record.

The face is a public-domain portrait; its lesions are simulated.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from command_line import Run
from dermagrade.assess.photo import assess_file
from dermagrade.assess.visit import assess_visit
from dermagrade.cli.assess import csv_columns
from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.acne.answer import acne_details
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.types import Assessment

#: Names of the conditions that grade photos.
ON_PHOTOS = [name for name, condition in CONDITIONS.items() if condition.takes == "photo"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, portrait: Path) -> Path:
    """The portrait with lesions on the left cheek, and the same face taken from a little farther away."""
    folder = tmp_path_factory.mktemp("visit")
    plain = assess_file(portrait, conditions=[])
    assert plain.photo is not None
    assert plain.face is not None
    width = plain.face.box[2] - plain.face.box[0]
    painted = paint_lesions(
        plain.photo.pixels, plain.face.label_map, count=12, seed=2, zones=("left_cheek",), face_width_px=width
    ).pixels
    Image.fromarray(painted).save(folder / "near.png")
    edge = 40
    far = np.pad(painted, ((edge, edge), (edge, edge), (0, 0)), mode="edge")
    Image.fromarray(far).resize((540, 620), Image.Resampling.LANCZOS).save(folder / "far.png")
    return folder


def test_a_single_photo_answers_as_it_does_without_a_visit(run: Run, folder: Path) -> None:
    plain = json.loads(run("assess", "--json", folder / "near.png").stdout)
    done = run("assess", "--visit", "--json", folder / "near.png")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["photo"] == [plain["photo"]]
    assert record["model"] == plain["model"]
    for item in record["acne"]["lesions"]["items"]:
        assert item.pop("photo") == 0
    assert record["acne"] == plain["acne"]


def counted(answer: Assessment) -> float | None:
    return acne_details(answer.details).count


def test_lesions_in_two_photos_are_counted_once(folder: Path) -> None:
    alone = [counted(assess_file(folder / name).assessments["acne"]) for name in ("near.png", "far.png")]
    visit = assess_visit([folder / "far.png", folder / "near.png"])
    count = counted(visit.assessments["acne"])
    assert None not in (*alone, count)
    assert min(alone) - 0.5 <= count <= max(alone) + 0.5
    assert acne_details(visit.assessments["acne"].details).graded_half == "left"


def test_a_folder_is_one_visit_with_one_row_and_one_overlay_for_each_photo_used(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    for path in folder.iterdir():
        (tmp_path / "photos" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "photos" / "letter.jpg").write_text("I am a letter, not a picture.")
    done = run("assess", "--visit", "--json", "--csv", "out.csv", "--out", "out", "--overlay", "photos")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "letter.jpg" in done.stderr
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    assert record["photo"] == ["photos/far.png", "photos/letter.jpg", "photos/near.png"]
    assert [photo["status"] for photo in record["photos"]] == ["assessed", "failed", "assessed"]
    assert json.loads((tmp_path / "out" / "visit.json").read_text()) == record
    used = [Path(record["photo"][i]).stem for i, photo in enumerate(record["photos"]) if photo["used"]]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    endings = ["_overlay.jpg", *(f"_overlay_{name}.jpg" for name in ON_PHOTOS[1:])]
    assert names == {"visit.json", *(f"{name}{ending}" for name in used for ending in endings)}
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == csv_columns()
    assert row["photo"] == ";".join(record["photo"])
    assert row["sha256"].split(";")[1] == ""
    assert row["verdict"].count(";") == 2
    assert float(row["acne_score"]) == record["acne"]["score"]
    assert row["acne_model"] == record["model"]["acne"]


def test_people_read_a_table_of_the_zones(run: Run, folder: Path) -> None:
    done = run("assess", "--visit", folder / "near.png", folder / "near.png")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Visit of 2 photos: acne ")
    tables = [lines[1 + 6 * k : 7 + 6 * k] for k in range(len(ON_PHOTOS))]
    for name, (head, *zones) in zip(ON_PHOTOS, tables, strict=True):
        assert head.split()[0] == name
        assert [line.split()[0] for line in zones] == ["forehead", "nose", "left_cheek", "right_cheek", "chin"]
        assert all(line.endswith("near.png") for line in zones)
    assert "lesions" in tables[0][0]
    assert "lesions" not in tables[1][0]
    assert "the same file" in lines[1 + 6 * len(ON_PHOTOS)]


def test_a_visit_of_which_nothing_is_left_ends_with_1(run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (600, 600), (120, 140, 160)).save(tmp_path / "wall.png")
    done = run("assess", "--visit", "--json", "--out", "out", "--overlay", "wall.png", "nowhere.jpg")
    record = json.loads(done.stdout)
    assert done.returncode == 1
    assert record["status"] == "refused"
    assert record["face"] is None
    assert len(done.stderr.splitlines()) == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["visit.json"]
