"""A stranger adds a condition with an answer of its own kind: one folder and one line, and every face has it.

The condition is ``tests/additions/erythema``; CONTRIBUTING walks through it. It needs no weights.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from additions.house_copy import PACKAGE, HouseCopy
from service_process import CLEAN, Service
from signed import add_person, database_in, sign_in

#: Tests that run over the conditions' table.
OVER_THE_TABLE = (
    "conditions/test_table.py",
    "cli/test_evaluate.py",
    "training/run/test_card.py",
    "training/test_engines.py",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> HouseCopy:
    """The package with the condition added."""
    house = HouseCopy(tmp_path_factory.mktemp("erythema"))
    house.add("erythema", to="conditions")
    house.add_line("conditions/__init__.py", after='"pigmentation",', line='    "erythema",')
    return house


def test_it_took_one_folder_and_one_line(house: HouseCopy) -> None:
    assert house.changed() == {"conditions/__init__.py"}
    text, before = ((root / "conditions" / "__init__.py").read_text("utf-8") for root in (house.package, PACKAGE))
    assert len(text.splitlines()) == len(before.splitlines()) + 1


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory, portrait: Path) -> Path:
    """The portrait as it is and with a red cast."""
    folder = tmp_path_factory.mktemp("faces")
    with Image.open(portrait) as picture:
        pixels = np.asarray(picture.convert("RGB"), np.float64)
    for name, (red, rest) in {"plain": (1.0, 1.0), "red": (1.0, 0.8)}.items():
        cast = np.clip(pixels * (red, rest, rest), 0, 255).astype(np.uint8)
        Image.fromarray(cast).save(folder / f"{name}.jpg", quality=95)
    return folder


@pytest.fixture(scope="module")
def service(house: HouseCopy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A server of the package with the condition, with an account for its team."""
    folder = tmp_path_factory.mktemp("service")
    add_person(database_in(folder), "Team", "team")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(CLEAN, "PYTHONPATH", str(house.folder))
        with Service(folder) as running:
            yield running


def test_assess_prints_it_as_json_with_its_own_keys_and_grades_redder_skin_higher(
    house: HouseCopy, faces: Path, tmp_path: Path
) -> None:
    done = house.run("assess", "--json", faces, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    plain, red = (json.loads(line)["erythema"] for line in done.stdout.splitlines())
    assert list(plain) == ["scale", "score", "interval", "level", "label", "index", "reddest", "zones"]
    assert (plain["scale"], plain["interval"]) == ("pigment-9", None)
    assert plain["index"] + 5 < red["index"]
    assert plain["score"] < red["score"]
    assert set(plain["zones"]) >= {"forehead", plain["reddest"]}
    record = json.loads(done.stdout.splitlines()[0])
    assert "erythema" not in record["model"], "it asks no network"
    assert "erythema" in record["elapsed_ms"]


def test_assess_says_it_in_a_line_and_in_columns_of_its_own(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    done = house.run(
        *("assess", "--condition", "erythema", "--condition", "acne", "--csv", "out.csv", faces), cwd=tmp_path
    )
    assert done.returncode == 0
    assert re.search(r"; erythema \d\.\d \w+ on pigment-9, redness index \d+\.\d", done.stdout.splitlines()[0])
    with open(tmp_path / "out.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    own = [column.removeprefix("erythema_") for column in rows[0] if column.startswith("erythema_")]
    assert own == [
        *(
            "scale",
            "score",
            "interval_low",
            "interval_high",
            "level",
            "label",
            "index",
            "reddest",
            "abstained",
            "model",
        ),
        *(f"{zone}_score" for zone in ("forehead", "nose", "left_cheek", "right_cheek", "chin")),
    ]
    assert float(rows[0]["erythema_index"]) < float(rows[1]["erythema_index"])


def test_its_map_stands_in_an_overlay_of_its_own(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    done = house.run("assess", "--condition", "erythema", "--out", "out", "--overlay", faces / "red.jpg", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "out" / "red_overlay.jpg") as picture:
        drawn = np.asarray(picture.convert("RGB"), np.int64)
    # Skin is nowhere blue; the colours of a map are, over the face and in the panel's bar.
    blue = (drawn[..., 2] > drawn[..., 0] + 60) & (drawn[..., 2] > 150)
    assert blue.sum() > 5000


def test_a_visit_gives_its_answer_for_a_single_photo(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    call = ("assess", "--visit", "--json", "--condition", "erythema")
    one = json.loads(house.run(*call, faces / "red.jpg", cwd=tmp_path).stdout)
    assert one["erythema"]["index"] > 0
    both = json.loads(house.run(*call, faces / "red.jpg", faces / "plain.jpg", cwd=tmp_path).stdout)
    assert "single photos only" in both["erythema"]["abstained"]


def test_the_service_answers_with_it_and_its_document_describes_it(service: Service, faces: Path) -> None:
    record = service.assess((faces / "red.jpg").read_bytes()).json()
    document = service.client.get("/openapi.json").json()
    described = document["components"]["schemas"]["ErythemaGrade"]["properties"]
    assert set(record["erythema"]) <= set(described)
    assert described["index"] == {"type": "number", "description": "mean a*"}
    assert record["erythema"]["reddest"] in described["reddest"]["enum"]
    form = document["paths"]["/v1/assess"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert "erythema" in form["properties"]["condition"]["enum"]
    assert service.client.get("/ready").status_code == 200


def test_the_page_shows_it(service: Service, faces: Path) -> None:
    assert "mottled hyperpigmentation and erythema" in service.client.get("/").text
    page = service.client.post("/", files={"file": ("red.jpg", (faces / "red.jpg").read_bytes())}).text
    assert re.search(r"Erythema: \d\.\d, \w+", page)
    assert re.search(r"The redness index is \d+\.\d; the [a-z ]+ is reddest\.", page)


def test_the_desk_has_studies_on_its_scale(service: Service, house: HouseCopy, tmp_path: Path, faces: Path) -> None:
    with closing(sign_in(service.url, "team@clinic.example")) as client:
        new = client.get("/team/new").text
    assert "pigment-9; Mottled hyperpigmentation, Erythema" in new
    assert new.count('value="pigment-9"') == 1
    add_person(database_in(tmp_path), "Admin", "admin")
    made = house.run("study", "create", "Flush", "--scale", "pigment-9", "--images", faces, cwd=tmp_path)
    assert made.returncode == 0, made.stderr


def test_it_is_measured_on_labels_and_reported(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("photo,subject,grade\nplain.jpg,p,2\nred.jpg,q,6\n")
    done = house.run(
        *("evaluate", "erythema", "--labels", "labels.csv", "--images", faces, "--report", "report.html", "--json"),
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["condition"] == "erythema"
    assert "erythema" in (tmp_path / "report.html").read_text("utf-8")
    named = house.run(
        *("evaluate", "erythema", "--labels", "labels.csv", "--images", faces, "--model", faces), cwd=tmp_path
    )
    assert named.returncode == 2
    assert named.stderr == (
        "dermagrade: erythema needs no network, so none can be named, trained or measured for it.\n"
    )


def test_a_report_before_and_after_shows_it(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    code = (
        "from dermagrade.assess.photo import assess_file\n"
        "from dermagrade.reports.render import render_report\n"
        f"photos = {[str(faces / name) for name in ('plain.jpg', 'red.jpg')]}\n"
        "before, after = (assess_file(photo, conditions=['erythema']) for photo in photos)\n"
        "print(render_report(title='A flush', notices=[], before=before, after=after, painted=None, models=[],\n"
        "                    condition='erythema', simulated='redness'))"
    )
    done = house.python("-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"\(redness index \d+\.\d\)", done.stdout)) == 2
    assert "coloured by redness" in done.stdout


def test_what_needs_a_network_or_paint_says_that_it_has_none(house: HouseCopy, faces: Path, tmp_path: Path) -> None:
    calls = {
        ("train", "erythema", "--out", "o"): "learns nothing",
        ("simulate", str(faces / "red.jpg"), "--condition", "erythema", "--out", "o"): "cannot be painted",
        ("compare", "--condition", "erythema", "a.jpg", "b.jpg"): "erythema cannot compare photos",
    }
    for call, says in calls.items():
        done = house.run(*call, cwd=tmp_path)
        assert done.returncode == 2, call
        assert says in done.stderr
        assert len(done.stderr.splitlines()) == 1
    power = house.run("power", "erythema", "--effect", "1", "--noise", "0.5", cwd=tmp_path)
    assert power.returncode == 0, power.stderr


def test_the_tests_that_run_over_the_table_hold_for_it(house: HouseCopy, tmp_path: Path) -> None:
    tests = Path(__file__).resolve().parents[1]
    done = house.python(
        *("-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", "-o", f"pythonpath={house.folder} {tests}"),
        *(f"--rootdir={tests.parent}", *(str(tests / place) for place in OVER_THE_TABLE), "-k", "erythema or help"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert re.search(r"\d+ passed", done.stdout)
