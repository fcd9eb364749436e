"""The ordinal network of zones end to end on drawn faces, with a truth that was painted and with grades alone.

The zone network of these tests always sees the same face, and the networks that learn are tiny.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from dermagrade.conditions import Condition
from dermagrade.conditions.pigmentation.load import FULL_LOAD, TURN, ZONE_WEIGHTS, grade_of_load
from dermagrade.errors import LabelsError, UsageError
from dermagrade.face.zones import find_face
from dermagrade.grading.recipe import About, Recipe
from dermagrade.grading.zone_ordinal import KIND, answer_face
from dermagrade.photo.read import read_photo
from dermagrade.scales import PIGMENT_9
from dermagrade.simulate.painted_pigment import PALE_SHARE
from dermagrade.simulate.pigment import paint_pigment
from dermagrade.simulate.truth_map import truth_png
from dermagrade.training.engines import ENGINES
from dermagrade.training.run.folder import load_arrays
from dermagrade.training.run.job import Job
from dermagrade.training.run.workers import one_thread
from dermagrade.training.zone_ordinal.data import Samples
from dermagrade.training.zone_ordinal.fit import FitSettings, fit
from dermagrade.training.zone_ordinal.net import Curve, ZoneOrdinalNet, surrounding
from dermagrade.training.zone_ordinal.one_network import ZoneOrdinalExport
from dermagrade.types import Assessment
from dermagrade.weights.model import load_model
from drawn_face import picture
from still_face import write_zone_network

PHOTOS = 24
CURVE = Curve(9.0, TURN, FULL_LOAD, PALE_SHARE)


def no_grade(*_: object, **__: object) -> Assessment:
    raise AssertionError("a training grades nothing by the condition")


#: A condition that the package does not know: the engine needs none of its own.
BLOTCHES = Condition(
    name="blotches",
    title="Blotches",
    scale="pigment-9",
    weights="blotches",
    grade=no_grade,
    label_scales=("pigment-9",),
    recipes={
        "zones": Recipe(
            "zone-ordinal",
            "x",
            About("x", ("y",), "z"),
            {
                "turn": TURN,
                "full": FULL_LOAD,
                "pale_share": PALE_SHARE,
                "zone_weights": dict(ZONE_WEIGHTS),
                "size": 48,
                "epochs": 2,
                "batch": 4,
                "widths": [16, 8, 8, 8],
                "keep_every": 3,
            },
        )
    },
)


def job(root: Path, out: Path, **more: object) -> Job:
    made = Job(
        condition=BLOTCHES,
        recipe=BLOTCHES.recipes["zones"],
        recipe_name="zones",
        out=out,
        tell=lambda _: None,
        command="dermagrade train blotches",
        labels=root / "labels.csv",
        images=root / "photos",
        truth=root / "truth",
        folds=3,
        seed=3,
        at_once=1,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def train(asked: Job) -> Path:
    return ENGINES[asked.recipe.engine](asked)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("study")
    (root / "photos").mkdir()
    (root / "truth").mkdir()
    write_zone_network(root / "weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERMAGRADE_WEIGHTS", str(root / "weights"))
        rows = [("photo", "subject", "grade")]
        for i in range(PHOTOS):
            Image.fromarray(picture(180, seed=i)).save(root / "photos/plain.png")
            face = find_face(read_photo(root / "photos/plain.png"))
            assert face is not None
            load = 0.012 * i
            painted = paint_pigment(picture(180, seed=i), face.label_map, face_width_px=110, load=load, seed=i)
            Image.fromarray(painted.pixels).save(root / f"photos/{i}.png")
            (root / f"truth/{i}.png").write_bytes(truth_png(painted.excess))
            rows.append((f"{i}.png", f"p{i // 2}", f"{round(2 * grade_of_load(load)) / 2}"))
        (root / "photos/plain.png").unlink()
        with (root / "labels.csv").open("w", newline="") as opened:
            csv.writer(opened).writerows(rows)
        assert train(job(root, root / "run")) == root / "run/blotches.onnx"
        yield root


def answers(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "by_photo.jsonl").read_text().splitlines()]


def test_the_network_that_is_written_never_saw_the_people_it_is_measured_on(study: Path) -> None:
    manifest = json.loads((study / "run/blotches.json").read_text())
    held = {row["subject"] for row in answers(study / "run")}
    assert manifest["kind"] == KIND
    assert manifest["training_data"] == [
        f"{PHOTOS - len(answers(study / 'run'))} photos with painted, simulated truth of {PHOTOS // 2 - len(held)} "
        f"people, without {len(held)} others"
    ]


def test_what_was_measured_is_what_the_written_network_says(study: Path) -> None:
    model = load_model(study / "run/blotches.onnx")
    for row in answers(study / "run"):
        photo = read_photo(study / "photos" / str(row["photo"]))
        face = find_face(photo)
        assert face is not None
        said = answer_face(photo, face, model, low=0.0, high=9.0)
        assert said is not None
        assert said.grades == pytest.approx(row["zones"], abs=0.03)
        assert said.strength.shape == (24, 16)


def test_the_truth_of_a_face_is_that_of_its_map_and_not_the_rounded_label(study: Path) -> None:
    for row in answers(study / "run"):
        load = 0.012 * int(str(row["photo"]).split(".")[0])
        # The map's load is by area and the face's by zones; on this even face they are near.
        assert row["truth"] == pytest.approx(grade_of_load(load), abs=0.8)
    assert any(2 * float(str(row["truth"])) % 1 for row in answers(study / "run"))


def test_figures_and_card_say_that_the_truth_is_simulated(study: Path) -> None:
    manifest = json.loads((study / "run/blotches.json").read_text())
    assert any("simulated truth" in title for title in manifest["metrics"])
    assert "simulated" in (study / "run/blotches.md").read_text()


def test_a_run_that_was_stopped_goes_on_and_gives_the_same_network(study: Path, tmp_path: Path) -> None:
    first = tmp_path / "run"
    shutil.copytree(study / "run", first)
    for name in ("final.jsonl", "blotches.onnx", "by_photo.jsonl"):
        (first / name).unlink()
    # What is left is the checkpoint of the last step: nothing is learnt again.
    before = (first / "final.ckpt").stat().st_mtime_ns
    train(job(study, first, resume=True))
    assert (first / "by_photo.jsonl").read_text() == (study / "run/by_photo.jsonl").read_text()
    assert (first / "blotches.onnx").read_bytes() == (study / "run/blotches.onnx").read_bytes()
    assert (first / "final.ckpt").stat().st_mtime_ns == before


def test_a_fit_that_was_stopped_between_two_steps_gives_the_same_network(study: Path, tmp_path: Path) -> None:
    out = study / "run"
    whole = Samples((load_arrays(out / "prepared/part0000"),))
    index, grades = np.flatnonzero(whole.column("found")), np.linspace(0, 9, PHOTOS)
    weights = torch.full((5,), 0.2)

    def fitted(kept: Path, tell: Callable[[str], None]) -> dict[str, torch.Tensor]:
        settings = FitSettings(size=48, widths=(16, 8, 8, 8), epochs=2, batch=6, keep_every=3)
        net = fit(whole, index, grades, CURVE, weights, settings, seed=1, kept=kept, tell=tell)
        return net.state_dict()

    def stop(line: str) -> None:
        raise KeyboardInterrupt

    with one_thread():
        unbroken = fitted(tmp_path / "a.ckpt", lambda _: None)
        with pytest.raises(KeyboardInterrupt):
            fitted(tmp_path / "b.ckpt", stop)
        resumed = fitted(tmp_path / "b.ckpt", lambda _: None)
    assert all(torch.equal(unbroken[name], resumed[name]) for name in unbroken)


def test_grades_alone_measure_everybody_with_a_network_for_each_fold(study: Path, tmp_path: Path) -> None:
    train(job(study, tmp_path / "run", truth=None))
    found = answers(tmp_path / "run")
    assert len(found) == PHOTOS
    assert {row["tone"] for row in found} <= {"very light", "light", "intermediate", "tan", "brown", "dark", ""}
    for fold in range(3):
        assert (tmp_path / f"run/fold{fold}/blotches.onnx").exists()
    manifest = json.loads((tmp_path / "run/blotches.json").read_text())
    assert not any("simulated" in title for title in manifest["metrics"])


def test_a_missing_map_is_named(study: Path, tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    with pytest.raises(LabelsError, match=r"no map of the truth .*0\.png"):
        train(job(study, tmp_path / "run", truth=tmp_path / "truth"))


def test_what_it_does_not_learn_from_is_refused(study: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--clear"):
        train(job(study, tmp_path / "run", clear=(study,)))


def _zones(n: int) -> torch.Tensor:
    """Five bands of cells, of which the last is not there."""
    zones = torch.zeros(n, 5, 16, 16)
    for k in range(4):
        zones[:, k, 3 * k + 2 : 3 * k + 5, 2:14] = 1
    return zones


def test_an_evenly_lit_face_without_spots_has_no_strength_whatever_the_network_learnt() -> None:
    image = torch.zeros(2, 7, 32, 32)
    image[:, -1, 4:28, 4:28] = 1
    torch.manual_seed(0)
    net = ZoneOrdinalNet(CURVE, (16, 8, 8, 8)).eval()
    torch.nn.init.normal_(net.out.weight[[0, 1, 3]])
    strength, _, steepness, _ = net(image, _zones(2))
    assert strength.abs().max() < 1e-5
    assert (steepness > 0).all()


def test_a_dark_spot_is_as_strong_as_it_is_darker_than_the_plain_skin_around_it() -> None:
    density = torch.zeros(1, 1, 40, 40)
    density[..., 15:20, 15:20] = 0.5
    plain = (density == 0).float()
    over = density - surrounding(density, plain, 0.1)
    assert over[..., 15:20, 15:20].mean() == pytest.approx(0.5, abs=1e-4)
    assert over[..., :10, :10].abs().max() < 1e-4


def test_a_zone_is_graded_by_its_own_skin() -> None:
    """Of a face that is affected in its second zone alone, and of one that is affected nowhere."""
    torch.manual_seed(0)
    net = ZoneOrdinalNet(CURVE, (16, 8, 8, 8)).eval()
    torch.nn.init.constant_(net.out.bias[:2], 1.0)
    image = torch.zeros(2, 7, 32, 32)
    image[:, -1] = 1
    image[0, :3, 10:16, 4:28] = 1.5  # darker by half, all channels alike
    with torch.no_grad():
        _, grade, _, _ = net(image, _zones(2))
    assert grade[1].abs().max() < 1e-3
    assert grade[0].argmax() == 1
    assert grade[0, 1] > grade[0, [0, 2, 3]].max() + 2


def test_the_curve_is_the_conditions_own() -> None:
    loads = torch.tensor([0.0, 0.01, 0.1, 0.3])
    expected = [grade_of_load(load) for load in loads.tolist()]
    assert CURVE.grade(loads).tolist() == pytest.approx(expected, abs=1e-5)
    assert CURVE.load(CURVE.grade(loads)).tolist() == pytest.approx(loads.tolist(), abs=1e-6)
    assert PIGMENT_9.high == CURVE.high


def test_a_mirrored_face_gets_the_same_grades_and_the_mirrored_map() -> None:
    torch.manual_seed(0)
    net = ZoneOrdinalNet(CURVE, (16, 8, 8, 8))
    for layer in (net.out, net.head[-1]):
        torch.nn.init.normal_(layer.weight)  # type: ignore[union-attr, arg-type]
    image, zones = torch.rand(3, 7, 32, 32), _zones(3)
    whole = ZoneOrdinalExport(net).eval()
    with torch.no_grad():
        strength, grade, _ = whole(image, zones)
        mirrored, same, _ = whole(image.flip(3), zones.flip(3))
    assert torch.allclose(grade, same, atol=1e-5)
    assert torch.allclose(strength, mirrored.flip(2), atol=1e-5)
    assert grade.std() > 0
