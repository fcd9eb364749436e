"""``dermagrade assess``: one record a photo, in order, each out before the next is begun."""

from __future__ import annotations

import csv
import json
import resource
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from command_line import ENVIRONMENT, Run
from dermagrade.cli.assess import csv_columns, csv_row
from dermagrade.conditions import CONDITIONS
from dermagrade.scales import SCALES

#: Names of the conditions that grade photos.
ON_PHOTOS = [name for name, condition in CONDITIONS.items() if condition.takes == "photo"]


def _records(stdout: str) -> list[dict]:
    return [json.loads(line) for line in stdout.splitlines()]


def test_json_has_the_keys_of_the_contract_in_their_order(run: Run, portrait: Path) -> None:
    done = run("assess", "--json", portrait)
    assert (done.returncode, done.stderr) == (0, "")
    (record,) = _records(done.stdout)
    assert list(record) == [
        *("photo", "sha256", "width", "height", "status", "screening", "face"),
        *ON_PHOTOS,
        *("model", "elapsed_ms"),
    ]
    assert (record["photo"], record["status"]) == (str(portrait), "assessed")
    assert (record["width"], record["height"]) == (512, 600)
    assert list(record["screening"]) == ["verdict", "findings"]
    assert list(record["face"]) == ["box", "yaw_deg", "zones"]
    assert list(record["face"]["zones"]) == ["forehead", "nose", "left_cheek", "right_cheek", "chin"]
    assert list(record["elapsed_ms"]) == ["read", "face", "screen", *ON_PHOTOS]
    acne = record["acne"]
    assert list(acne) == ["scale", "score", "interval", "level", "label", "hayashi", "lesions", "zones"]
    assert list(acne["hayashi"]) == ["grade", "label", "probabilities", "set"]
    assert acne["interval"][0] <= acne["score"] <= acne["interval"][1]
    assert acne["hayashi"]["grade"] in acne["hayashi"]["set"]
    assert list(acne["lesions"]) == ["count", "graded_half", "halves", "items"]
    assert acne["label"] == SCALES["acne-5"].level_of(acne["score"]).label
    assert record["model"]["acne"].count("@") == 1


def test_one_bad_file_among_good_ones_fails_alone(run: Run, photos: Path) -> None:
    done = run("assess", "--json", photos)
    records = _records(done.stdout)
    assert done.returncode == 1
    assert [Path(record["photo"]).name for record in records] == ["a.jpg", "b.jpg", "c.jpg"]
    assert [record["status"] for record in records] == ["assessed", "failed", "assessed"]
    assert records[1]["error"]
    assert records[1]["face"] is records[1]["screening"] is None
    assert "acne" not in records[1]
    assert len(done.stderr.splitlines()) == 1
    assert "b.jpg" in done.stderr
    del records[0]["photo"], records[0]["elapsed_ms"], records[2]["photo"], records[2]["elapsed_ms"]
    assert records[0] == records[2]


def test_photos_come_in_the_order_they_were_given(run: Run, photos: Path) -> None:
    done = run("assess", "--json", photos / "c.jpg", "nowhere.jpg", photos / "a.jpg")
    assert [Path(r["photo"]).name for r in _records(done.stdout)] == ["c.jpg", "nowhere.jpg", "a.jpg"]


def test_a_photo_without_a_face_is_refused_and_not_graded(run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (600, 600), (120, 140, 160)).save(tmp_path / "wall.png")
    done = run("assess", "--json", "wall.png")
    (record,) = _records(done.stdout)
    assert done.returncode == 1
    assert record["status"] == "refused"
    assert record["screening"]["verdict"] == "refuse"
    assert record["face"] is None
    assert record["model"] == {}
    assert "acne" not in record
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("dermagrade: wall.png: refused. ")


def test_without_json_there_is_one_line_a_photo(run: Run, photos: Path) -> None:
    done = run("assess", photos)
    lines = done.stdout.splitlines()
    assert done.returncode == 1
    assert len(lines) == 2
    assert lines[0].startswith(f"{photos / 'a.jpg'}: acne ")
    assert "on acne-5" in lines[0]


def test_the_csv_has_the_documented_columns_and_a_row_for_every_photo(run: Run, photos: Path, tmp_path: Path) -> None:
    done = run("assess", "--json", "--csv", "out.csv", "--condition", "acne", photos)
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    records = _records(done.stdout)
    assert tuple(rows[0]) == csv_columns()
    assert [row["status"] for row in rows] == ["assessed", "failed", "assessed"]
    for row, record in zip(rows, records, strict=True):
        assert row["photo"] == record["photo"]
        assert row["sha256"] == (record["sha256"] or "")
        assert row["error"] == record.get("error", "")
    assert float(rows[0]["acne_score"]) == records[0]["acne"]["score"]
    assert float(rows[0]["acne_lesions"]) == records[0]["acne"]["lesions"]["count"]
    assert int(rows[0]["acne_hayashi"]) == records[0]["acne"]["hayashi"]["grade"]
    assert rows[0]["acne_model"] == records[0]["model"]["acne"]
    assert float(rows[0]["acne_chin_score"]) == records[0]["acne"]["zones"]["chin"]["score"]
    assert rows[1]["acne_score"] == ""


def test_each_measure_of_a_condition_has_a_column(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {"acne": replace(CONDITIONS["acne"], measures=("share", "spots"))}
    monkeypatch.setattr("dermagrade.cli.assess.CONDITIONS", table)
    assert csv_columns()[-2:] == ("acne_share", "acne_spots")
    answer = {"scale": "acne-5", "score": 2.0, "measures": {"share": {"value": 3.25, "unit": "%"}}}
    row = csv_row({"screening": None, "acne": answer, "model": {}})
    assert row["acne_share"] == 3.25
    assert "acne_spots" not in row
    assert set(row) <= set(csv_columns())


def test_a_distance_of_pupils_that_nobody_has_is_a_wrong_call(run: Run, portrait: Path) -> None:
    done = run("assess", "--pupil-distance-mm", "6.3", portrait)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "must be 40 to 80 mm" in done.stderr
    assert run("assess", "--pupil-distance-mm", "63", portrait).returncode == 0


def test_files_of_photos_with_one_name_stand_side_by_side(run: Run, photos: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(photos / "a.jpg", other / "a.jpg")
    done = run("assess", "--out", "out/deep", "--overlay", photos, other)
    assert done.returncode == 1
    names = sorted(path.name for path in (tmp_path / "out" / "deep").iterdir())
    # The first condition's overlay has the plain name.
    overlays = ["_overlay.jpg", *(f"_overlay_{name}.jpg" for name in ON_PHOTOS[1:])]
    graded = [f"{name}{end}" for name in ("a", "a-2", "c") for end in (".json", *overlays)]
    assert names == sorted([*graded, "b.json"])
    assert json.loads((tmp_path / "out/deep/a.json").read_text())["photo"] == str(photos / "a.jpg")
    assert json.loads((tmp_path / "out/deep/a-2.json").read_text())["photo"] == str(other / "a.jpg")
    with Image.open(tmp_path / "out" / "deep" / "a_overlay.jpg") as picture:
        assert picture.format == "JPEG"


def test_a_photo_is_never_overwritten(run: Run, photos: Path, tmp_path: Path) -> None:
    shutil.copy(photos / "a.jpg", photos / "a_overlay.jpg")
    before = (photos / "a_overlay.jpg").read_bytes()
    run("assess", "--out", photos, "--overlay", photos)
    assert (photos / "a_overlay.jpg").read_bytes() == before
    done = run("assess", "--csv", photos / "a.jpg", photos)
    assert done.returncode == 2
    assert "is one of the photos" in done.stderr


def test_an_output_folder_that_cannot_be_is_one_sentence(run: Run, photos: Path) -> None:
    done = run("assess", "--out", photos / "b.jpg", photos)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "cannot be made" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_the_csv_is_one_sentence(run: Run, portrait: Path) -> None:
    done = run("assess", "--csv", "/dev/full", portrait)
    assert done.returncode == 1
    assert done.stderr == "dermagrade: /dev/full cannot be written: No space left on device.\n"


def test_what_was_finished_before_the_disk_filled_up_stays(run: Run, photos: Path, tmp_path: Path) -> None:
    # A limit on the size of a file stands for the full disk: the record fits, the overlay picture does not.
    done = run(
        *("assess", "--json", "--out", "out", "--overlay", photos / "a.jpg", photos / "c.jpg"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert done.returncode == 1
    assert [Path(r["photo"]).name for r in _records(done.stdout)] == ["a.jpg"]
    assert "a_overlay.jpg cannot be written: File too large." in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.json"]
    assert json.loads((tmp_path / "out" / "a.json").read_text())["status"] == "assessed"


def test_weights_that_are_damaged_are_one_sentence(run: Run, portrait: Path, tmp_path: Path) -> None:
    (tmp_path / "acne.onnx").write_bytes(b"damaged")
    (tmp_path / "acne.json").write_text("{}")
    done = run("assess", portrait, env={**ENVIRONMENT, "DERMAGRADE_WEIGHTS": str(tmp_path)})
    assert done.returncode == 1
    assert "The manifest" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_name_that_is_not_utf8_is_assessed_like_any_other(run: Run, portrait: Path, tmp_path: Path) -> None:
    name = b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    shutil.copy(portrait, tmp_path / name)
    done = run("assess", "--json", "--csv", "out.csv", "--out", "out", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert _records(done.stdout)[0]["photo"] == name
    assert run("assess", name).returncode == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count("\n") == 2
