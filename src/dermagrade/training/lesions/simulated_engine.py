"""The engine ``simulated-lesions``: learns from pictures that it paints itself, and reads no photo of anybody.

What comes out has the inputs and outputs of the network that learnt from graded photos. As no grade is known here,
the Hayashi grade follows from the count by a fixed rule that is written into the network
(:mod:`dermagrade.training.lesions.grade_rule`). Every setting, the reading of counts included, is chosen on simulated
pictures; real photos only measure the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.conditions.acne.grade import Postprocess
from dermagrade.evaluation.statistics.agreement import mae, spearman
from dermagrade.training.lesions.calibrate import held_out
from dermagrade.training.lesions.export import NORMALISATION, export_lesions, inputs_of
from dermagrade.training.lesions.fit import LesionRecipe, fit
from dermagrade.training.lesions.grade_rule import fit_scale, set_grade_rule
from dermagrade.training.lesions.kept_samples import keep_samples, kept_samples
from dermagrade.training.lesions.net import LesionNet, restored
from dermagrade.training.lesions.simulated_pictures import clean_samples
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.folder import load_state, save_state
from dermagrade.training.run.folds import EVERYBODY, Split
from dermagrade.training.run.job import Job
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.options import take_options
from dermagrade.training.run.workers import one_thread

LICENCE = "Apache-2.0"


@dataclass(frozen=True)
class CleanRecipe:
    """Settings of a training on simulated lesions.

    Attributes:
        net: settings of the fit.
        lesioned: pictures with lesions.
        plain: pictures without.
        held_out: further pictures, of other seeds, on which the reading of counts is fitted.
    """

    net: LesionRecipe
    lesioned: int
    plain: int
    held_out: int


#: The head that is fitted to grades is replaced by the fixed rule, so it gets as little work as possible.
RECIPES: dict[str, CleanRecipe] = {
    "clean": CleanRecipe(
        LesionRecipe(patch=96, steps=600, batch=28, clear_share=0.18, views=1, head_epochs=1), 256, 112, 48
    ),
    "clean-smoke": CleanRecipe(
        LesionRecipe(side=128, patch=64, steps=4, batch=4, clear_share=0.25, views=1, head_epochs=1, keep_every=2),
        6,
        4,
        4,
    ),
}


def train_simulated_lesions(job: Job) -> Path:
    """Carries a job out; see :func:`~dermagrade.training.run.carry_out.carry_out`. It makes no folds and no report.

    Settings of the recipe: ``preset``, a key of :data:`RECIPES`.

    Raises:
        UsageError: if the job brings photos or tables, or its folder holds something else.
        MissingExtraError: if a package that brings a portrait is not installed.
        OutputError: if the run's folder cannot be written.
    """
    take_options(job, (), "learns from simulated pictures alone")
    plan = SimulatedPlan(job, RECIPES[job.recipe.settings["preset"]])
    return carry_out(plan, job.out, resume=job.resume, at_once=1, tell=job.tell)


@dataclass(frozen=True, eq=False)
class SimulatedPlan:
    """What the engine means to do; see :class:`~dermagrade.training.run.carry_out.Plan`."""

    job: Job
    recipe: CleanRecipe

    @property
    def name(self) -> str:
        """That of the condition's weights."""
        return self.job.condition.network

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it another run."""
        return {"model": f"{self.job.condition.name}-clean", "recipe": asdict(self.recipe), "seed": self.job.seed}

    def prepare(self) -> SimulatedNetwork:
        """Draws the pictures, if the network is still to be trained."""
        network = SimulatedNetwork(self.job, self.recipe)
        if not network.mark(network.splits[0]).exists() and not network.samples.exists():
            lesioned, plain = self.recipe.lesioned, self.recipe.plain
            self.job.tell(f"drawing {lesioned + plain} pictures")
            keep_samples(network.samples, clean_samples(lesioned=lesioned, plain=plain, seed=2 * self.job.seed))
        return network


@dataclass(frozen=True)
class Counts:
    """What the network counts on pictures that it never saw.

    Attributes:
        scale: share of its count that is a lesion.
        counts: ``(n,)`` by the network.
        truth: ``(n,)`` lesions painted.
    """

    scale: float
    counts: NDArray[np.float64]
    truth: NDArray[np.float64]

    def figures(self) -> dict[str, float | int]:
        """For the card."""
        read = self.counts * self.scale
        return {
            "pictures": len(self.truth),
            "mean absolute error of the count": round(mae(self.truth, read), 3),
            "rank correlation of the counts": round(spearman(self.truth, read), 3),
        }


@dataclass(frozen=True, eq=False)
class SimulatedNetwork:
    """The one network of a run; see :class:`~dermagrade.training.run.carry_out.Prepared`."""

    job: Job
    recipe: CleanRecipe
    at_most: int | None = 1

    @property
    def splits(self) -> tuple[Split, ...]:
        """One network, which learns from all pictures: there are no people."""
        return (Split(EVERYBODY, None, (), (), self.job.seed),)

    @property
    def samples(self) -> Path:
        """Folder of the drawn pictures."""
        return self.job.out / "samples"

    def mark(self, split: Split) -> Path:
        """The state of the network."""
        return self.job.out / "net.pt"

    def trainer(self) -> Callable[[Split], None]:
        """Trains the network in this process."""
        return self._train

    def _train(self, split: Split) -> None:
        samples = kept_samples(self.samples)
        with_lesions, without = np.flatnonzero(~samples.clear), np.flatnonzero(samples.clear)
        with one_thread():
            net = fit(
                samples, with_lesions, without, recipe=self.recipe.net, seed=split.seed, out=self.job.out, title="clean"
            )
        save_state(self.mark(split), net.state_dict())

    def _net(self) -> LesionNet:
        return restored(load_state(self.mark(self.splits[0])))

    def results(self) -> Counts:
        """Counts the lesions of further pictures, of another seed."""
        self.job.tell("counting simulated lesions of held-out pictures")
        number = self.recipe.held_out
        fresh = clean_samples(lesioned=number, plain=number // 3, seed=2 * self.job.seed + 1)
        with one_thread():
            counts = [one.count for one in held_out(fresh, {0: self._net()}, [0] * len(fresh), self.recipe.net.side)]
        truth = fresh.counts[:, 0]
        return Counts(fit_scale(counts, truth.tolist()), np.array(counts), truth)

    def export(self, split: Split, path: Path, results: Counts) -> None:
        """Writes the network with the rule that grades by its count."""
        net = self._net()
        set_grade_rule(net, count_scale=results.scale)
        export_lesions([net], path, self.recipe.net.side)

    def described(self, split: Split, results: Counts) -> Described:
        """The manifest of the network, with its figures on simulated pictures."""
        job, preset = self.job, self.job.recipe.settings["preset"]
        return Described(
            version=f"{job.condition.name}-clean-2026.11",
            inputs=inputs_of(self.recipe.net.side),
            normalisation=NORMALISATION,
            training_data=_sources(self.recipe),
            licence=job.licence or LICENCE,
            metrics={"Simulated pictures, held out": results.figures()},
            postprocess=asdict(Postprocess(count_scale=results.scale)),
            recipe={"name": "clean", "settings": preset, "networks": 1, **asdict(self.recipe)},
            seed=job.seed,
            command=job.command,
            condition=job.condition.name,
            people=job.people,
        )


def _sources(recipe: CleanRecipe) -> list[str]:
    return [
        f"{recipe.lesioned} pictures with simulated lesions: 7 of 8 on skin drawn by code, 1 of 8 on two public-domain "
        "portraits (Grace Hopper, US Navy; Eileen Collins, NASA), their tone changed by code",
        f"{recipe.plain} pictures without lesions: the same skin, scenes and heads drawn by code, and objects from "
        "scikit-image that are in the public domain or under CC0",
        "no photo of a research collection, no grade, no real lesion",
    ]
