"""``dermagrade patches``: the zones as files, and a table that leads back to the photo."""

import csv
from pathlib import Path

import numpy as np
from PIL import Image

from command_line import Run


def test_every_patch_is_listed_and_lies_where_the_table_says(run: Run, portrait: Path, tmp_path: Path) -> None:
    done = run("patches", portrait, "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")
    with open(tmp_path / "out" / "patches.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["zone"] for row in rows} >= {"nose", "left_cheek", "right_cheek"}
    assert {row["file"] for row in rows} | {"patches.csv"} == {path.name for path in (tmp_path / "out").iterdir()}
    whole = np.asarray(Image.open(portrait).convert("RGB"))
    for row in rows:
        patch = np.asarray(Image.open(tmp_path / "out" / row["file"]))
        x, y, width, height = (round(float(row[key])) for key in ("x", "y", "width", "height"))
        assert patch.shape == (height, width, 4)
        assert np.array_equal(patch[..., :3], whole[y : y + height, x : x + width])
        assert (patch[..., 3] == 255).any()
        assert float(row["visible"]) >= 0.3


def test_a_photo_that_fails_leaves_the_others_cut(run: Run, photos: Path, tmp_path: Path) -> None:
    done = run("patches", photos, "--out", "out")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert {path.name.split("_")[0] for path in (tmp_path / "out").glob("*.png")} == {"a", "c"}
