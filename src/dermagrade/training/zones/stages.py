"""The stages of a training of the zone network, each of which starts from the one before.

A base on portraits, then acne photos among them; from the base a short network for each fold, only to be measured; and
for the network that is handed on a polish and last steps. Every stage depends only on the one it starts from and on its
own seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from dermagrade.errors import UsageError
from dermagrade.training.run.folder import load_state, save_state
from dermagrade.training.run.folds import Split
from dermagrade.training.zones.data import ZoneSampler, ZoneSamples
from dermagrade.training.zones.drawings.hands import hand
from dermagrade.training.zones.drawings.heads import cartoon
from dermagrade.training.zones.export import export_zones
from dermagrade.training.zones.fit import ZoneRecipe, fit, taught_rows
from dermagrade.training.zones.net import INPUT_SIZE, ZoneNet
from dermagrade.training.zones.noface import noface_pictures
from dermagrade.training.zones.photos import ZonePhotos
from dermagrade.training.zones.self_taught import hardest, teach_missed
from dermagrade.training.zones.shares import ACNE, FolderShare, share_of
from dermagrade.weights.manifest import Manifest, network_digest, today, write_manifest
from dermagrade.weights.model import Model, load_model

#: From here on a face counts as one, and from here on a place is looked at again.
POSTPROCESS = {"face_threshold": 0.45, "candidate_threshold": 0.06}
#: From here on the network is believed where it is known that there is a face.
BELIEVED_FROM = 0.3
#: Share of the last steps that shows faces which the teacher missed.
MISSED_SHARE = 0.15
#: The seed before that of the first picture without a face.
NOFACE_SEED = 1000
#: Further drawings for the polish, and their seed.
DRAWN_HEADS, DRAWN_HANDS, DRAWN_SEED = 900, 300, 2000
HARDEST_SEED = 2001


@dataclass(frozen=True)
class ZoneStage:
    """One stage of a training.

    Attributes:
        title: names its state, ``TITLE.pt``, and its lines in the log.
        start: title of the stage whose network it starts from; None for a network that starts from chance.
        steps: optimiser steps.
        seed_step: added to the seed of the run.
        rate: peak learning rate.
        empty_share: share of samples that hold no face.
        late: True for the polish and the last steps, which show more drawn heads and hands.
        fold: number of the fold whose acne photos are left out.
    """

    title: str
    start: str | None
    steps: int
    seed_step: int
    rate: float
    empty_share: float
    late: bool = False
    fold: int | None = None


def stages_of(split: Split, recipe: ZoneRecipe) -> tuple[ZoneStage, ...]:
    """The stages that lead to a network, in order; the last one's state is the network's."""
    empty = recipe.empty_share
    base = ZoneStage("base", None, recipe.base_steps, 0, recipe.rate, empty)
    slow = recipe.rate / 2
    if split.fold is not None:
        return base, ZoneStage(split.title, "base", recipe.fold_steps, 2 + split.fold, slow, empty, fold=split.fold)
    return (
        base,
        ZoneStage("final", "base", recipe.tune_steps, 1, slow, empty),
        ZoneStage("polish", "final", recipe.polish_steps, 8, slow, recipe.polish_empty_share, late=True),
        ZoneStage("last", "polish", recipe.last_steps, 9, recipe.rate / 3, recipe.last_empty_share, late=True),
    )


@dataclass(frozen=True, eq=False)
class Material:
    """What the stages learn from.

    Attributes:
        photos: of the run.
        samples: their pixels and targets.
        background: pictures without a face, ``(n, s, s, 3)`` uint8.
        drawn: further ones for the late stages, drawn heads and hands among them.
        shares: of each collection.
    """

    photos: ZonePhotos
    samples: ZoneSamples
    background: NDArray[np.uint8]
    drawn: NDArray[np.uint8]
    shares: Mapping[str, FolderShare]


def train_stage(stage: ZoneStage, material: Material, recipe: ZoneRecipe, *, seed: int, out: Path) -> None:
    """Trains one stage and keeps its state in ``out``; the one that it starts from must stand there."""
    photos, samples = material.photos, material.samples
    torch.manual_seed(seed)
    net = ZoneNet()
    if stage.start is not None:
        net.load_state_dict(load_state(out / f"{stage.start}.pt"))
    last = stage.title == "last"
    pools = stage_pools(photos, samples, stage.fold, base=stage.start is None, last=last, shares=material.shares)
    empty = np.concatenate([material.background, material.drawn]) if stage.late else material.background
    if last:
        empty = hardest(net, empty, HARDEST_SEED)
        missed = np.flatnonzero((photos.collection == ACNE) & ~samples.taught & ~photos.excluded)
        missed = teach_missed(samples, missed, _as_model(net, out))
        pools += [(missed, MISSED_SHARE)] if len(missed) else []
    partners = np.concatenate([rows for rows, _ in pools]) if recipe.pairs_within or stage.late else None
    sampler = ZoneSampler(samples, empty, seed + stage.seed_step, partners)
    own = replace(recipe, empty_share=stage.empty_share)
    fit(net, pools, sampler, steps=stage.steps, recipe=own, rate=stage.rate, log=out / "log.jsonl", title=stage.title)
    save_state(out / f"{stage.title}.pt", net.state_dict())


def stage_pools(
    photos: ZonePhotos,
    samples: ZoneSamples,
    fold: int | None,
    *,
    base: bool,
    last: bool = False,
    shares: Mapping[str, FolderShare] | None = None,
) -> list[tuple[NDArray[np.int64], float]]:
    """Rows with the share drawn from each collection; acne photos of ``fold`` are left out."""
    pools = []
    phase = 0 if base else 2 if last else 1
    for collection in dict.fromkeys(photos.collection.tolist()):
        wanted = (photos.collection == collection) & ~photos.excluded
        share = share_of(collection, shares).of_stages[phase]
        if collection == ACNE:
            if base:
                continue
            if fold is not None:
                wanted &= photos.fold != fold
        rows = taught_rows(samples, wanted.tolist())
        if len(rows):
            pools.append((rows, share))
    if not pools:
        raise UsageError("No photo has a row in the meshes; the NPZ must name them as COLLECTION/FILE.")
    return pools


def noface_backgrounds(count: int, acne: Path | None, without: frozenset[str] = frozenset()) -> NDArray[np.uint8]:
    """Pictures without a face, one seed each; none is cut from the acne photos of the names ``without``."""
    return np.concatenate(
        [
            noface_pictures(
                split="train", count=1, size=INPUT_SIZE, seed=NOFACE_SEED + i, acne_dir=acne, without=without
            )
            for i in range(1, count + 1)
        ]
    )


def drawn_heads_and_hands() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Drawn heads and hands by themselves: what the network took for faces longest."""
    rng = np.random.default_rng(DRAWN_SEED)
    heads = [cartoon(rng, INPUT_SIZE, split="train") for _ in range(DRAWN_HEADS)]
    return np.stack(heads), np.stack([hand(rng, INPUT_SIZE, split="train") for _ in range(DRAWN_HANDS)])


def _as_model(net: ZoneNet, out: Path) -> Model:
    """The network in the form in which it finds faces, believing more than the shipped one does."""
    folder = out / "polished"
    folder.mkdir(exist_ok=True)
    network = folder / "zones.onnx"
    export_zones(net, network)
    manifest = Manifest(
        version="zones-polished",
        sha256=network_digest(network),
        created=today(),
        inputs={"size": INPUT_SIZE},
        normalisation="",
        training_data=[],
        licence="",
        metrics={},
        postprocess={**POSTPROCESS, "face_threshold": BELIEVED_FROM},
    )
    write_manifest(network, manifest)
    return load_model(folder)
