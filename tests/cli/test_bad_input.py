"""Bad input ends in one clear sentence and never in a traceback; the good photos beside it are still graded."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("matplotlib", reason="the portrait comes inside matplotlib's wheel")

from bad_inputs import BAD_INPUTS, BadInput, assess, load_portrait


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    return load_portrait()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that an ordinary user may enter, which pytest's own may not be."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("row", BAD_INPUTS, ids=lambda row: row.title)
def test_every_bad_file_ends_as_the_documentation_says(row: BadInput, folder: Path, portrait: Image.Image) -> None:
    done = assess(row.make(folder, portrait))
    assert done.returncode == row.status, done.stderr
    assert "Traceback" not in done.stderr
    assert row.says in done.stderr
    if row.status == 1:
        assert len(done.stderr.strip().splitlines()) == 1
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(r["status"] == "assessed" for r in records) or row.status == 1


def test_the_good_photos_of_a_folder_are_graded_beside_a_bad_one(folder: Path, portrait: Image.Image) -> None:
    row = next(r for r in BAD_INPUTS if r.title.startswith("folder"))
    done = assess(row.make(folder, portrait))
    statuses = [json.loads(line)["status"] for line in done.stdout.splitlines()]
    assert statuses == ["assessed", "failed", "assessed"]


def test_a_full_disk_is_said_in_one_sentence(folder: Path, portrait: Image.Image) -> None:
    portrait.save(folder / "a.jpg")
    done = assess(folder / "a.jpg", "--csv", "/dev/full")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
