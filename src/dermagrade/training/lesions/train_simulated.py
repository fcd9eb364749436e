"""Trains the acne network on simulated lesions alone, on pictures that may be used commercially.

What comes out has the inputs and outputs of the network that learnt from graded photos. As no grade is known here,
the Hayashi grade follows from the count by a fixed rule (:func:`set_grade_rule`) that is written into the network.
Every setting, the reading of counts included, is chosen on simulated pictures; real photos only measure the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from dermagrade.conditions.acne.grade import Postprocess
from dermagrade.evaluation.statistics.agreement import mae, spearman
from dermagrade.training.lesions.calibrate import held_out
from dermagrade.training.lesions.export import export_acne
from dermagrade.training.lesions.fit import AcneRecipe, fit
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples
from dermagrade.training.lesions.net import AcneNet, restored
from dermagrade.training.lesions.simulated_pictures import clean_samples
from dermagrade.training.run.card import write_card
from dermagrade.training.run.export import write_manifest
from dermagrade.training.run.folder import follow, load_state, open_run, save_state
from dermagrade.training.run.workers import one_thread

VERSION = "acne-clean-2026.11"
LICENCE = "Apache-2.0"
#: Lesions on half a face at which one Hayashi grade ends and the next begins.
EDGES = (5.5, 20.5, 50.5)
#: How fast the odds of two neighbouring grades turn where they meet, for one unit of log(1 + count).
STEEPNESS = 4.0


@dataclass(frozen=True)
class CleanRecipe:
    """Settings of a training on simulated lesions.

    Attributes:
        net: settings of the fit.
        lesioned: pictures with lesions.
        plain: pictures without.
        held_out: further pictures, of other seeds, on which the reading of counts is fitted.
    """

    net: AcneRecipe
    lesioned: int
    plain: int
    held_out: int


#: The head that is fitted to grades is replaced by the fixed rule, so it gets as little work as possible.
RECIPES: dict[str, CleanRecipe] = {
    "clean": CleanRecipe(
        AcneRecipe(patch=96, steps=600, batch=28, clear_share=0.18, views=1, head_epochs=1), 256, 112, 48
    ),
    "clean-smoke": CleanRecipe(
        AcneRecipe(side=128, patch=64, steps=4, batch=4, clear_share=0.25, views=1, head_epochs=1, keep_every=2),
        6,
        4,
        4,
    ),
}


def set_grade_rule(net: AcneNet, *, count_scale: float) -> None:
    """Makes the grade a fixed function of the count, in place.

    With x = log(1 + n) of the n lesions that the map holds in the region, the logit of grade g is
    ``STEEPNESS * (g x - sum of the first g edges)``, the edges being Hayashi's, as log(1 + edge / count_scale). So the
    most likely grade is that of ``count_scale * n`` lesions, and where two grades meet they are equally likely. The
    rule is declared, not learnt.

    Args:
        net: its ``grade`` head is overwritten.
        count_scale: share of the map's count that is a lesion.
    """
    first, _, _, last = net.grade
    assert isinstance(first, nn.Linear)
    assert isinstance(last, nn.Linear)
    edges = np.log1p(np.array(EDGES) / count_scale)
    with torch.no_grad():
        for part in (first, last):
            part.weight.zero_()
            assert part.bias is not None
            part.bias.zero_()
        # The last but one of what the head sees is log(1 + count) after the first annotation, never below 0.
        first.weight[0, -2] = 1.0
        for grade in range(1, len(edges) + 1):
            last.weight[grade, 0] = STEEPNESS * grade
            last.bias[grade] = -STEEPNESS * float(edges[:grade].sum())


def fit_scale(counts: Sequence[float], truth: Sequence[float]) -> float:
    """Share of the map's count that is a lesion: least squares of log(1 + n), in steps of 0.05 from 0.2 to 2."""
    got, want = np.asarray(counts, float), np.log1p(np.asarray(truth, float))
    scales = np.arange(4, 41) / 20
    errors = [float(((np.log1p(scale * got) - want) ** 2).sum()) for scale in scales]
    return float(scales[int(np.argmin(errors))])


def train_clean(
    out: Path,
    *,
    recipe_name: str,
    seed: int = 20,
    resume: bool = False,
    command: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """Draws, trains, exports and describes the network; returns the path of ``acne.onnx``.

    Args:
        out: folder of the run: ``acne.onnx`` with manifest and card, checkpoints, ``log.jsonl``.
        recipe_name: a key of :data:`RECIPES`.
        seed: of pictures and training.
        resume: go on with the run in ``out``.
        command: the call, for the record.
        tell: takes a line of progress.

    Raises:
        UsageError: if ``out`` holds something else.
        MissingExtraError: if a package that brings a portrait is not installed.
        OutputError: if ``out`` cannot be written.
    """
    recipe = RECIPES[recipe_name]
    open_run(out, {"model": "acne-clean", "recipe": asdict(recipe), "seed": seed}, resume=resume)
    kept, trained = out / "samples", out / "net.pt"
    if not trained.exists():
        if not kept.exists():
            tell(f"drawing {recipe.lesioned + recipe.plain} pictures")
            keep_samples(kept, clean_samples(lesioned=recipe.lesioned, plain=recipe.plain, seed=2 * seed))
        samples = kept_samples(kept)
        with_lesions, without = np.flatnonzero(~samples.clear), np.flatnonzero(samples.clear)
        with one_thread(), follow(out / "log.jsonl", tell):
            net = fit(samples, with_lesions, without, recipe=recipe.net, seed=seed, out=out, title="clean")
        save_state(trained, net.state_dict())
    net = restored(load_state(trained))
    tell("counting simulated lesions of held-out pictures")
    fresh = clean_samples(lesioned=recipe.held_out, plain=recipe.held_out // 3, seed=2 * seed + 1)
    with one_thread():
        counts = [one.count for one in held_out(fresh, {0: net}, [0] * len(fresh), recipe.net.side)]
    truth = fresh.counts[:, 0].tolist()
    scale = fit_scale(counts, truth)
    set_grade_rule(net, count_scale=scale)
    path = out / "acne.onnx"
    export_acne([net], path, recipe.net.side)
    side = recipe.net.side
    write_manifest(
        path,
        version=VERSION,
        inputs={"size": side, "image": [1, 3, side, side], "region": ["regions", 1, side // 4, side // 4]},
        normalisation="RGB from 0 to 1; the network subtracts 0.45 and divides by 0.25 itself",
        training_data=_sources(recipe),
        licence=LICENCE,
        metrics={"Simulated pictures, held out": _simulated(np.array(counts) * scale, np.array(truth))},
        postprocess=asdict(Postprocess(count_scale=scale)),
        recipe={"name": "clean", "settings": recipe_name, "networks": 1, **asdict(recipe)},
        seed=seed,
        command=command,
        condition="acne",
    )
    write_card(path)
    return path


def _simulated(counts: np.ndarray[Any, Any], truth: np.ndarray[Any, Any]) -> dict[str, float | int]:
    return {
        "pictures": len(truth),
        "mean absolute error of the count": round(mae(truth, counts), 3),
        "rank correlation of the counts": round(spearman(truth, counts), 3),
    }


def _sources(recipe: CleanRecipe) -> list[str]:
    return [
        f"{recipe.lesioned} pictures with simulated lesions: 7 of 8 on skin drawn by code, 1 of 8 on two public-domain "
        "portraits (Grace Hopper, US Navy; Eileen Collins, NASA), their tone changed by code",
        f"{recipe.plain} pictures without lesions: the same skin, scenes and heads drawn by code, and objects from "
        "scikit-image that are in the public domain or under CC0",
        "no photo of a research collection, no grade, no real lesion",
    ]
