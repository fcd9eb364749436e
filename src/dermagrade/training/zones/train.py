"""Trains the zone network: portraits first, then with acne photos, a polish, and a network a fold only to be measured.

Every stage depends only on the one it starts from and on its own seed. A stage that is complete is skipped when a run
goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dermagrade.errors import UsageError
from dermagrade.photo.read import SUFFIXES
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.exclude import Exclusions, read_exclusions
from dermagrade.tables.folds import check_folds
from dermagrade.tables.grade_scale import grades_of
from dermagrade.tables.join import all_in_table, join, match
from dermagrade.tables.labels import read_labels
from dermagrade.training.run.card import describe
from dermagrade.training.run.export import export_zones
from dermagrade.training.run.folder import (
    file_digest,
    follow,
    load_arrays,
    load_state,
    open_run,
    save_arrays,
    save_state,
)
from dermagrade.training.run.workers import one_thread
from dermagrade.training.zones.data import ZoneSampler, ZoneSamples, load_samples, read_meshes
from dermagrade.training.zones.drawings.hands import hand
from dermagrade.training.zones.drawings.heads import cartoon
from dermagrade.training.zones.fit import ZoneRecipe, fit, taught_rows
from dermagrade.training.zones.net import INPUT_SIZE, ZoneNet
from dermagrade.training.zones.noface import noface_pictures
from dermagrade.training.zones.self_taught import hardest, teach_missed
from dermagrade.training.zones.shares import ACNE, FolderShare, read_shares, share_of, unknown_folders
from dermagrade.training.zones.targets import learn_topology
from dermagrade.weights.manifest import Manifest, network_digest, today, write_manifest
from dermagrade.weights.model import Model, load_model

VERSION = "zones-2026.11"
#: What a manifest says where the call does not.
LICENCE = "that of the photos and of their meshes; it is yours to know it"
#: From here on a face counts as one, and from here on a place is looked at again.
POSTPROCESS = {"face_threshold": 0.45, "candidate_threshold": 0.06}
#: Share of the last steps that shows faces which the teacher missed.
MISSED_SHARE = 0.15
#: Pictures without a face, and the seed before that of the first.
NOFACE, NOFACE_SEED = 3000, 1000
#: Further drawings for the polish, and their seed.
DRAWN_HEADS, DRAWN_HANDS, DRAWN_SEED = 900, 300, 2000
HARDEST_SEED = 2001
#: From here on the network is believed where it is known that there is a face.
BELIEVED_FROM = 0.3


@dataclass(frozen=True)
class ZonePhotos:
    """The photos of a run, in order.

    Attributes:
        names: collection/file of each.
        paths: of the files.
        collection: of each; ``acne`` for the acne photos, empty for photos that lie in no sub-folder.
        fold: of each acne photo, -1 for the others.
        excluded: True where the photo is set aside and trains nothing.
    """

    names: list[str]
    paths: list[Path]
    collection: NDArray[np.str_]
    fold: NDArray[np.int64]
    excluded: NDArray[np.bool_]


def pictures(folder: Path) -> list[Path]:
    """The picture files directly in a folder, by name."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES)


def find_photos(
    images: Path,
    acne: Path | None,
    exclusions: Exclusions | None = None,
    shares: Mapping[str, FolderShare] | None = None,
) -> ZonePhotos:
    """Lists what a run may read.

    Args:
        images: folder whose sub-folders are the collections; photos may also lie in it directly.
        acne: folder with ``photos/`` and ``labels.csv`` with the folds.
        exclusions: what trains nothing; a sub-folder that is left out as a whole is not read at all.
        shares: by collection; those named in it come first, in its order.

    Raises:
        UsageError: if a folder is missing or holds no photo.
        LabelsError: if the acne labels are malformed or a person stands in two folds.
    """
    if not images.is_dir():
        raise UsageError(f"{images} is no folder.")
    exclusions = exclusions or Exclusions()
    folders = [p for p in images.iterdir() if p.is_dir() and not exclusions.whole_folder(p.name)]
    order = [*(shares or {})]
    folders.sort(key=lambda p: (order.index(p.name) if p.name in order else len(order), p.name))
    found = [(p.name, folder.name, p) for folder in folders for p in pictures(folder)]
    found += [(p.name, "", p) for p in pictures(images)]
    if not found:
        raise UsageError(f"{images} and its sub-folders hold no photos.")
    names = [f"{collection}/{name}" if collection else name for name, collection, _ in found]
    folds = [-1] * len(found)
    if acne is not None:
        if not (acne / "photos").is_dir():
            raise UsageError(f"{acne} has no folder photos.")
        labels = read_labels(acne / "labels.csv", allowed=grades_of(ACNE_HAYASHI), scale=ACNE_HAYASHI.id)
        check_folds(labels)
        own = pictures(acne / "photos")
        fold_of = {label.photo: label.fold for label in labels}
        # A photo without a fold would teach all networks, that of its own person's fold too.
        known = all_in_table(
            join([p.name for p in own], fold_of, names_are="acne photos", table=str(acne / "labels.csv"))
        )
        found += [(p.name, "acne", p) for p in own]
        names += [f"acne/{p.name}" for p in own]
        folds += [-1 if (fold := known.found[p.name]) is None else fold for p in own]
    return ZonePhotos(
        names,
        [path for _, _, path in found],
        np.array([collection for _, collection, _ in found], np.str_),
        np.array(folds, np.int64),
        np.array([exclusions.leaves_out(path) for _, _, path in found], bool),
    )


def all_pictures(images: Path, acne: Path | None) -> list[Path]:
    """Every picture that a run would read if none were left out."""
    folders = [*(p for p in sorted(images.iterdir()) if p.is_dir()), images, *([acne / "photos"] if acne else [])]
    return [path for folder in folders for path in pictures(folder)]


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


def train_zones(
    images: Path,
    meshes: Path,
    out: Path,
    recipe: ZoneRecipe,
    *,
    recipe_name: str,
    seed: int = 7,
    acne: Path | None = None,
    exclude: Sequence[Path] = (),
    shares: Path | None = None,
    licence: str | None = None,
    people: str | None = None,
    resume: bool = False,
    workers: int = 2,
    noface: int = NOFACE,
    command: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """Trains, exports and describes the zone network; returns the path of ``zones.onnx``.

    Args:
        images: folder of the photos, or with a sub-folder for each collection.
        meshes: NPZ with ``photo`` (COLLECTION/FILE) and ``points`` (n, 468, 3) in pixels.
        out: folder of the run: ``zones.onnx`` with manifest and card, ``fold{k}/zones.onnx``, checkpoints and log.
        recipe: its settings.
        recipe_name: its name, for the record.
        seed: of the base; the later stages have those after it.
        acne: folder with ``photos/``, ``labels.csv`` (with folds) and ``teacher_mesh.npz``; without it there are no
            fold networks.
        exclude: tables of photos that train nothing (:mod:`dermagrade.tables.exclude`).
        shares: table of the collections' titles and shares (:mod:`dermagrade.training.zones.shares`).
        licence: of the weights, for manifest and card.
        people: whose skin the photos show, a sentence for the card.
        resume: go on with the run in ``out``.
        workers: processes that read photos.
        noface: how many pictures without a face.
        command: the call, for the record.
        tell: takes a line of progress.

    Raises:
        UsageError: if the call does not fit the folders, or ``out`` holds something else.
        LabelsError: if a table is malformed.
        PhotoError: if a file is no picture.
        OutputError: if ``out`` cannot be written.
    """
    exclusions, mix = read_exclusions(exclude), read_shares(shares)
    photos = find_photos(images, acne, exclusions, mix)
    for line in (
        *exclusions.report(all_pictures(images, acne)),
        *unknown_folders(mix, set(photos.collection.tolist())),
    ):
        tell(line)
    settings: dict[str, Any] = {
        "model": "zones", "recipe": asdict(recipe), "seed": seed, "photos": len(photos.names),
        "mesh": file_digest(meshes), "acne_mesh": file_digest(acne / "teacher_mesh.npz") if acne else None,
        "acne_labels": file_digest(acne / "labels.csv") if acne else None, "noface": noface,
        "exclude": [file_digest(table) for table in exclude], "shares": file_digest(shares) if shares else None,
    }  # fmt: skip
    open_run(out, settings, resume=resume)
    known = {k: v for k, v in read_meshes(meshes).items() if not exclusions.whole_folder(k.split("/")[0])}
    if not known:
        raise UsageError(f"{meshes} holds no mesh to learn from.")
    topology = learn_topology(np.stack([known[k] for k in sorted(known)]))
    if acne is not None:
        known |= {f"acne/{name}": mesh for name, mesh in read_meshes(acne / "teacher_mesh.npz").items()}

    folds = sorted({int(k) for k in photos.fold if k >= 0})
    stages: list[tuple[str, int, int | None]] = [("base", recipe.base_steps, None), ("final", recipe.tune_steps, None)]
    # The folds come before the last steps, which give photos a target by a network that has seen every fold.
    stages += [(f"fold{k}", recipe.fold_steps, k) for k in folds]
    stages += [("polish", recipe.polish_steps, None), ("last", recipe.last_steps, None)]
    missing = [stage for stage in stages if not (out / f"{stage[0]}.pt").exists()]
    if missing:
        kept = out / "samples"
        if not kept.exists():
            tell(f"reading {len(photos.names)} photos")
            taught = match(photos.names, known, names_are="photos", table="the meshes")
            for note in taught.report.notes_on_names:
                tell(note)
            prepared = load_samples(
                list(zip(photos.names, photos.paths, strict=True)), taught.found, topology, workers=workers
            )
            save_arrays(kept, {f.name: np.asarray(getattr(prepared, f.name)) for f in fields(prepared)})
        arrays = load_arrays(kept)
        samples = ZoneSamples(names=arrays.pop("names").tolist(), **arrays)
        tell(f"making {noface} pictures without a face")
        of_acne = photos.excluded & (photos.collection == ACNE)
        background = noface_backgrounds(noface, acne, frozenset(photos.paths[i].name for i in np.flatnonzero(of_acne)))
        late_stages = ("polish", "last")
        more_drawings = background
        if any(title in late_stages for title, _, _ in missing):
            more_drawings = np.concatenate([background, *drawn_heads_and_hands()])
        with one_thread(), follow(out / "log.jsonl", tell):
            for title, steps, fold in missing:
                net = _start(out, title, seed)
                pools = stage_pools(photos, samples, fold, base=title == "base", last=title == "last", shares=mix)
                late = title in late_stages
                empty, own = background, recipe
                rate = recipe.rate if title == "base" else recipe.rate / 2
                if late:
                    empty = more_drawings
                    own = replace(recipe, empty_share=recipe.polish_empty_share)
                if title == "last":
                    rate = recipe.rate / 3
                    own = replace(recipe, empty_share=recipe.last_empty_share)
                    empty = hardest(net, empty, HARDEST_SEED)
                    missed = np.flatnonzero((photos.collection == ACNE) & ~samples.taught & ~photos.excluded)
                    missed = teach_missed(samples, missed, _as_model(net, out))
                    pools += [(missed, MISSED_SHARE)] if len(missed) else []
                within = recipe.pairs_within or late
                partners = np.concatenate([rows for rows, _ in pools]) if within else None
                sampler = ZoneSampler(samples, empty, seed + _seed_step(title, fold), partners)
                fit(net, pools, sampler, steps=steps, recipe=own, rate=rate, log=out / "log.jsonl", title=title)
                save_state(out / f"{title}.pt", net.state_dict())

    def finish(title: str, folder: Path, fold: int | None) -> Path:
        folder.mkdir(exist_ok=True)
        net = ZoneNet()
        net.load_state_dict(load_state(out / f"{title}.pt"))
        export_zones(net, folder / "zones.onnx")
        manifest = Manifest(
            version=VERSION,
            sha256=network_digest(folder / "zones.onnx"),
            created=today(),
            inputs={"size": INPUT_SIZE, "image": [1, 3, INPUT_SIZE, INPUT_SIZE]},
            normalisation="RGB from 0 to 1; the network subtracts 0.45 and divides by 0.25 itself",
            training_data=training_data(photos, known, fold, mix),
            licence=licence or LICENCE,
            metrics={},
            postprocess=POSTPROCESS,
            recipe={"name": recipe_name, **asdict(recipe)},
            seed=seed,
            command=command,
            people=people,
        )
        describe(folder / "zones.onnx", manifest)
        return folder / "zones.onnx"

    for k in folds:
        finish(f"fold{k}", out / f"fold{k}", k)
    done = finish("last", out, None)
    shutil.rmtree(out / "samples", ignore_errors=True)
    return done


def training_data(
    photos: ZonePhotos, known: Mapping[str, Any], fold: int | None, shares: Mapping[str, FolderShare] | None = None
) -> list[str]:
    """A sentence for each collection: how many photos taught, and which were left out."""
    lines = []
    for collection in dict.fromkeys(photos.collection.tolist()):
        wanted = (photos.collection == collection) & ~photos.excluded
        if collection == ACNE and fold is not None:
            wanted &= photos.fold != fold
        count = sum(photos.names[i] in known for i in np.flatnonzero(wanted))
        left_out = f" (without fold {fold})" if collection == ACNE and fold is not None else ""
        lines.append(f"{share_of(collection, shares).title}: {count} photos{left_out}")
    if fold is None:
        missed = sum(photos.names[i] not in known for i in np.flatnonzero(photos.collection == ACNE))
        if missed:
            title = share_of(ACNE, shares).title
            lines.append(f"{title}: up to {missed} further photos without a mesh, taught by the network's own answer")
    return [*lines, "teacher: MediaPipe Face Mesh 0.10.21 (Apache-2.0)"]


def drawn_heads_and_hands() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Drawn heads and hands by themselves: what the network took for faces longest."""
    rng = np.random.default_rng(DRAWN_SEED)
    heads = [cartoon(rng, INPUT_SIZE, split="train") for _ in range(DRAWN_HEADS)]
    return np.stack(heads), np.stack([hand(rng, INPUT_SIZE, split="train") for _ in range(DRAWN_HANDS)])


def _as_model(net: ZoneNet, out: Path) -> Model:
    """The network in the form in which it finds faces, believing more than the shipped one does."""
    folder = out / "polished"
    folder.mkdir(exist_ok=True)
    export_zones(net, folder / "zones.onnx")
    manifest = Manifest(
        version=VERSION,
        sha256=network_digest(folder / "zones.onnx"),
        created=today(),
        inputs={"size": INPUT_SIZE},
        normalisation="",
        training_data=[],
        licence=LICENCE,
        metrics={},
        postprocess={**POSTPROCESS, "face_threshold": BELIEVED_FROM},
    )
    write_manifest(folder / "zones.onnx", manifest)
    return load_model(folder)


_BEFORE = {"polish": "final", "last": "polish"}


def _seed_step(title: str, fold: int | None) -> int:
    """Each stage has a seed of its own."""
    if fold is not None:
        return 2 + fold
    return {"base": 0, "final": 1, "polish": 8, "last": 9}[title]


def _start(out: Path, title: str, seed: int) -> ZoneNet:
    """The network as a stage finds it: random for the base, the one before for the later ones, the base for folds."""
    torch.manual_seed(seed)
    net = ZoneNet()
    if title != "base":
        net.load_state_dict(load_state(out / f"{_BEFORE.get(title, 'base')}.pt"))
    return net
