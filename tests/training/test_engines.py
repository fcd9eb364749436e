"""The command looks recipes and engines up in the tables, and gives an engine all that was asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.cli import train as command
from dermagrade.cli.main import main
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import UsageError
from dermagrade.grading.recipe import Recipe
from dermagrade.training.engines import ENGINES
from dermagrade.training.lesions.fit import RECIPES as LESIONS
from dermagrade.training.lesions.simulated_engine import RECIPES as CLEAN
from dermagrade.training.patch_features.mlp import RECIPES as FEATURES
from dermagrade.training.run.job import Job
from dermagrade.training.run.options import labelled_photos, refuse_options
from dullness import DULLNESS

PRESETS = {"lesions": LESIONS, "simulated-lesions": CLEAN, "patch-features": FEATURES}


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs that reach an engine which learns nothing, for a condition of its own with two recipes."""
    taken: list[Job] = []

    def engine(job: Job) -> Path:
        taken.append(job)
        job.out.mkdir()
        return job.out / f"{job.condition.weights}.onnx"

    plain = DULLNESS.recipes["plain"]
    recipes = {"first": replace(plain, settings={"a": 1}), "second": plain}
    monkeypatch.setattr(command, "CONDITIONS", {"dullness": replace(DULLNESS, recipes=recipes)})
    monkeypatch.setattr(command, "ENGINES", {"none": engine})
    return taken


def test_every_engine_loads_and_is_named_by_a_recipe() -> None:
    used = {recipe.engine for condition in CONDITIONS.values() for recipe in condition.recipes.values()}
    assert used <= set(ENGINES)
    for name in used:
        assert callable(ENGINES[name].load()), name


@pytest.mark.parametrize("engine", PRESETS)
def test_every_preset_that_acnes_recipes_name_is_there_and_no_other(engine: str) -> None:
    named = [r.settings["preset"] for r in CONDITIONS["acne"].recipes.values() if r.engine == engine]
    assert sorted(named) == sorted(PRESETS[engine])


def test_without_a_recipe_the_first_of_the_condition_is_taken(jobs: list[Job], tmp_path: Path) -> None:
    assert main(["train", "dullness", "--out", str(tmp_path / "out")]) == 0
    assert (jobs[0].condition.name, jobs[0].recipe_name, jobs[0].seed) == ("dullness", "first", 20)
    assert dict(jobs[0].recipe.settings) == {"a": 1}


def test_all_that_was_asked_for_reaches_the_engine(jobs: list[Job], tmp_path: Path) -> None:
    call = [
        "train", "dullness", "--recipe", "second", "--labels", "l.csv", "--images", "i", "--truth", "t", "--scale", "s",
        "--backbone", "b", "--lesions", "x", "--ratings", "r", "--clear", "c", "--clear", "d", "--mesh", "m",
        "--licence", "none", "--people", "Nobody.", "--folds", "3", "--seed", "4", "--resume",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    assert main(call) == 0
    (job,) = jobs
    assert (job.recipe_name, job.labels, job.images, job.truth) == ("second", Path("l.csv"), Path("i"), Path("t"))
    assert (job.scale, job.backbone, job.ratings) == ("s", "b", Path("r"))
    assert (job.lesions, job.clear, job.mesh) == ((Path("x"),), (Path("c"), Path("d")), (Path("m"),))
    assert (job.licence, job.people, job.folds, job.seed, job.resume) == ("none", "Nobody.", 3, 4, True)
    assert "--truth t" in job.command
    assert "--folds 3" in job.command


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (["dullness", "--recipe", "third"], "no recipe third for dullness; there are: first, second"),
        (["dullness", "--acne", "a"], "--acne belongs to train zones"),
        (["dullness", "--shares", "s"], "--shares belongs to train zones"),
        (["zones", "--images", ".", "--mesh", "m", "--truth", "t"], "--truth belongs to train dullness"),
        (["zones"], "train zones needs --images DIR"),
        (["freckles"], "invalid choice"),
    ],
)
def test_a_wrong_call_is_one_sentence(
    jobs: list[Job], tmp_path: Path, capsys: pytest.CaptureFixture[str], call: list[str], says: str
) -> None:
    try:
        status = main(["train", *call, "--out", str(tmp_path / "out")])
    except SystemExit as ended:
        status = int(str(ended.code))
    assert status == 2
    stderr = capsys.readouterr().err
    assert says in stderr
    assert len(stderr.splitlines()) == 1
    assert not jobs


def test_the_help_lists_every_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    said = capsys.readouterr().out
    for condition in CONDITIONS.values():
        assert (f"recipes of {condition.name}:" in said) == bool(condition.recipes)
        assert all(name in said and recipe.summary in said for name, recipe in condition.recipes.items())


def job(tmp_path: Path, **more: object) -> Job:
    recipe: Recipe = DULLNESS.recipes["plain"]
    return Job(DULLNESS, recipe, "plain", tmp_path, tell=lambda _: None, command="", **more)  # type: ignore[arg-type]


def test_what_an_engine_needs_is_asked_for_by_its_option(tmp_path: Path) -> None:
    table = tmp_path / "l.csv"
    assert labelled_photos(job(tmp_path, labels=table, images=tmp_path)) == (table, tmp_path)
    for more, says in (
        ({}, "train dullness needs --images DIR"),
        ({"images": tmp_path}, "train dullness needs --labels CSV"),
        ({"images": tmp_path / "none"}, "none is no folder"),
    ):
        with pytest.raises(UsageError, match=says):
            labelled_photos(job(tmp_path, **more))


def test_what_an_engine_has_no_use_for_is_refused_rather_than_passed_over(tmp_path: Path) -> None:
    asked = job(tmp_path, truth=tmp_path, clear=())
    refuse_options(asked, ("clear", "mesh"), "learns from light")
    with pytest.raises(UsageError, match="The recipe plain learns from light; leave out --truth"):
        refuse_options(asked, ("clear", "truth"), "learns from light")


def test_the_tables_can_be_only_read() -> None:
    assert isinstance(ENGINES, MappingProxyType)
