"""``dermagrade screen``: findings only."""

import json
from pathlib import Path

from PIL import Image

from command_line import Run


def test_json_has_the_screening_and_no_grade(run: Run, photos: Path) -> None:
    done = run("screen", "--json", photos)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [record["status"] for record in records] == ["screened", "failed", "screened"]
    keys = ["photo", "sha256", "width", "height", "status", "screening", "elapsed_ms"]
    assert list(records[0]) == keys
    assert records[0]["screening"]["verdict"] in {"good", "note", "caution"}
    assert "acne" not in records[0]["elapsed_ms"]


def test_a_refused_photo_is_told_what_to_do_on_stderr(run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (600, 600), (120, 140, 160)).save(tmp_path / "wall.png")
    done = run("screen", "wall.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert "[P108]" in done.stderr


def test_without_json_there_is_one_line_with_the_verdict(run: Run, portrait: Path) -> None:
    done = run("screen", portrait)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.startswith(f"{portrait}: ")
