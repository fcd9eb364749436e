"""From a folder of photos and an Excel table to a served model, by the commands of ``docs/own-weights.md``."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from dermagrade.cli.main import COMMANDS, _parser
from drawn_face import picture
from service_process import CLEAN, Service

pytestmark = pytest.mark.long

PAGE = Path(__file__).resolve().parents[2] / "docs" / "own-weights.md"


def commands() -> list[list[str]]:
    """The calls of ``dermagrade`` in the page's code blocks, without the program's name."""
    lines = "\n".join(re.findall(r"```\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)).splitlines()
    calls = [re.sub(r"^(\w+=\S+ )+", "", line) for line in lines]
    return [shlex.split(call)[1:] for call in calls if call.startswith("dermagrade ")]


@pytest.mark.parametrize("call", commands(), ids=" ".join)
def test_every_command_of_the_page_is_one_that_there_is(call: list[str]) -> None:
    command = next(c for c in COMMANDS if c.name == call[0])
    assert callable(_parser(command).parse_args(call).run)


@pytest.mark.usefixtures("one_core")
def test_photos_and_an_excel_table_become_a_served_model(tmp_path: Path, portrait: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Photo", "Grade"])
    for number in range(8):
        # Noise tells the pictures apart: copies of one photo would count as one person.
        name = f"IMG_{number}.jpg"
        Image.fromarray(picture(160, spots=4 * (number % 4), seed=number)).rotate(7 * number).save(photos / name)
        sheet.append([name, number % 4])
    book.save(tmp_path / "grades.xlsx")
    train = next(call for call in commands() if call[0] == "train" and "--recipe" not in call)
    serve = next(call for call in commands() if call[0] == "serve")
    done = subprocess.run(
        [sys.executable, "-m", "dermagrade", *train, "--recipe", "smoke", "--folds", "2"],
        cwd=tmp_path,
        env=CLEAN,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "mine" / "acne.json").read_text("utf-8"))
    with Service(tmp_path, *serve[1:]) as running:
        record = running.assess(portrait.read_bytes()).json()
        card = running.client.get("/v1/models/acne/card").text
    assert record["model"]["acne"].endswith(f"@{manifest['sha256'][:8]}")
    assert manifest["sha256"] in card
