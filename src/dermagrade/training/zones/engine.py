"""The engine of the zone network, which finds faces and their zones; it belongs to no condition (``train zones``)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dermagrade.errors import UsageError
from dermagrade.tables.exclude import Exclusions, read_exclusions
from dermagrade.tables.join import match
from dermagrade.training.run.carry_out import carry_out
from dermagrade.training.run.folder import file_digest, load_arrays, load_state, save_arrays
from dermagrade.training.run.folds import EVERYBODY, Split
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.workers import one_thread
from dermagrade.training.zones.data import ZoneSamples, load_samples, read_meshes
from dermagrade.training.zones.export import export_zones
from dermagrade.training.zones.fit import ZoneRecipe
from dermagrade.training.zones.net import INPUT_SIZE, ZoneNet
from dermagrade.training.zones.photos import ZonePhotos, all_pictures, find_photos, training_data
from dermagrade.training.zones.shares import ACNE, FolderShare, read_shares, unknown_folders
from dermagrade.training.zones.stages import (
    POSTPROCESS,
    Material,
    drawn_heads_and_hands,
    noface_backgrounds,
    stages_of,
    train_stage,
)
from dermagrade.training.zones.targets import learn_topology

VERSION = "zones-2026.11"
#: What a manifest says where the call does not.
LICENCE = "that of the photos and of their meshes; it is yours to know it"
#: Pictures without a face.
NOFACE = 3000

Meshes = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True, kw_only=True, eq=False)
class ZoneJob:
    """One call of ``dermagrade train zones``.

    Attributes:
        images: folder of the photos, or with a sub-folder for each collection.
        mesh: NPZ with ``photo`` (COLLECTION/FILE) and ``points`` (n, 468, 3) in pixels.
        out: folder of the run and its results.
        recipe: numbers of the training.
        recipe_name: its name, for the record.
        seed: of the base; the later stages have those after it.
        acne: folder with ``photos/``, ``labels.csv`` (with folds) and ``teacher_mesh.npz``; without it there are no
            fold networks.
        exclude: tables of photos that train nothing (:mod:`dermagrade.tables.exclude`).
        shares: table of the collections' titles and shares (:mod:`dermagrade.training.zones.shares`).
        licence: of the weights, for manifest and card.
        people: whose skin the photos show, a sentence for the card.
        resume: True to go on with the run in the folder.
        workers: processes that read photos.
        noface: how many pictures without a face.
        command: the call as a person would type it again.
        tell: takes a line of progress.
    """

    images: Path
    mesh: Path
    out: Path
    recipe: ZoneRecipe
    recipe_name: str
    seed: int = 7
    acne: Path | None = None
    exclude: tuple[Path, ...] = ()
    shares: Path | None = None
    licence: str | None = None
    people: str | None = None
    resume: bool = False
    workers: int = 2
    noface: int = NOFACE
    command: str = ""
    tell: Callable[[str], None] = lambda _: None


def train_zones(job: ZoneJob) -> Path:
    """Carries a job out; see :func:`~dermagrade.training.run.carry_out.carry_out`.

    Returns:
        The path of ``zones.onnx``.

    Raises:
        UsageError: if the call does not fit the folders, or ``out`` holds something else.
        LabelsError: if a table is malformed.
        PhotoError: if a file is no picture.
        OutputError: if ``out`` cannot be written.
    """
    exclusions, shares = read_exclusions(job.exclude), read_shares(job.shares)
    photos = find_photos(job.images, job.acne, exclusions, shares)
    unknown = unknown_folders(shares, set(photos.collection.tolist()))
    for line in (*exclusions.report(all_pictures(job.images, job.acne)), *unknown):
        job.tell(line)
    plan = ZonePlan(job, photos, exclusions, shares)
    done = carry_out(plan, job.out, resume=job.resume, at_once=1, tell=job.tell)
    shutil.rmtree(job.out / "samples", ignore_errors=True)
    return done


@dataclass(frozen=True, eq=False)
class ZonePlan:
    """What the engine means to do; see :class:`~dermagrade.training.run.carry_out.Plan`."""

    job: ZoneJob
    photos: ZonePhotos
    exclusions: Exclusions
    shares: Mapping[str, FolderShare]
    name: str = "zones"

    @property
    def settings(self) -> dict[str, Any]:
        """What makes it another run."""
        job, acne = self.job, self.job.acne
        return {
            "model": "zones", "recipe": asdict(job.recipe), "seed": job.seed, "photos": len(self.photos.names),
            "mesh": file_digest(job.mesh), "acne_mesh": file_digest(acne / "teacher_mesh.npz") if acne else None,
            "acne_labels": file_digest(acne / "labels.csv") if acne else None, "noface": job.noface,
            "exclude": [file_digest(table) for table in job.exclude],
            "shares": file_digest(job.shares) if job.shares else None,
        }  # fmt: skip

    def prepare(self) -> ZoneNetworks:
        """Reads the photos and makes the pictures without a face, if a network is still to be trained."""
        meshes, of_acne = self._meshes()
        folds = sorted({int(k) for k in self.photos.fold if k >= 0})
        splits = (
            *(Split(f"fold{k}", k, (), (), self.job.seed) for k in folds),
            Split(EVERYBODY, None, (), (), self.job.seed),
        )
        known = meshes | of_acne
        networks = ZoneNetworks(self.job, self.photos, self.shares, known, splits)
        if all(networks.mark(split).exists() for split in splits):
            return networks
        return ZoneNetworks(self.job, self.photos, self.shares, known, splits, self._material(meshes, known))

    def _meshes(self) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
        """The meshes of the collections and those of the acne photos, by name."""
        job, left_out = self.job, self.exclusions.whole_folder
        known = {name: mesh for name, mesh in read_meshes(job.mesh).items() if not left_out(name.split("/")[0])}
        if not known:
            raise UsageError(f"{job.mesh} holds no mesh to learn from.")
        if job.acne is None:
            return known, {}
        return known, {f"acne/{name}": mesh for name, mesh in read_meshes(job.acne / "teacher_mesh.npz").items()}

    def _material(self, meshes: Meshes, known: Meshes) -> Material:
        job, photos = self.job, self.photos
        kept = job.out / "samples"
        if not kept.exists():
            job.tell(f"reading {len(photos.names)} photos")
            taught = match(photos.names, known, names_are="photos", table="the meshes")
            for note in taught.report.notes_on_names:
                job.tell(note)
            named = list(zip(photos.names, photos.paths, strict=True))
            topology = learn_topology(np.stack([meshes[name] for name in sorted(meshes)]))
            prepared = load_samples(named, taught.found, topology, workers=job.workers)
            save_arrays(kept, {f.name: np.asarray(getattr(prepared, f.name)) for f in fields(prepared)})
        arrays = load_arrays(kept)
        samples = ZoneSamples(names=arrays.pop("names").tolist(), **arrays)
        job.tell(f"making {job.noface} pictures without a face")
        without = photos.excluded & (photos.collection == ACNE)
        names = frozenset(photos.paths[i].name for i in np.flatnonzero(without))
        background = noface_backgrounds(job.noface, job.acne, names)
        drawn = np.zeros((0, INPUT_SIZE, INPUT_SIZE, 3), np.uint8)
        if not (job.out / "last.pt").exists():
            drawn = np.concatenate(drawn_heads_and_hands())
        return Material(photos, samples, background, drawn, self.shares)


@dataclass(frozen=True, eq=False)
class ZoneNetworks:
    """The networks of a run; see :class:`~dermagrade.training.run.carry_out.Prepared`.

    They share their first stages, so they are trained one after another in this process.
    """

    job: ZoneJob
    photos: ZonePhotos
    shares: Mapping[str, FolderShare]
    known: Meshes
    splits: tuple[Split, ...]
    material: Material | None = None
    at_most: int | None = 1

    def mark(self, split: Split) -> Path:
        """The state after the last stage of a network."""
        return self.job.out / f"{stages_of(split, self.job.recipe)[-1].title}.pt"

    def trainer(self) -> Callable[[Split], None]:
        """Trains the stages of a network that are missing."""
        return self._train

    def _train(self, split: Split) -> None:
        assert self.material is not None
        with one_thread():
            for stage in stages_of(split, self.job.recipe):
                if not (self.job.out / f"{stage.title}.pt").exists():
                    train_stage(stage, self.material, self.job.recipe, seed=self.job.seed, out=self.job.out)

    def results(self) -> None:
        """Nothing: the networks are measured apart."""

    def export(self, split: Split, path: Path, results: None) -> None:
        """Writes the network."""
        net = ZoneNet()
        net.load_state_dict(load_state(self.mark(split)))
        export_zones(net, path)

    def described(self, split: Split, results: None) -> Described:
        """The manifest of a network, without figures."""
        job = self.job
        return Described(
            version=VERSION,
            inputs={"size": INPUT_SIZE, "image": [1, 3, INPUT_SIZE, INPUT_SIZE]},
            normalisation="RGB from 0 to 1; the network subtracts 0.45 and divides by 0.25 itself",
            training_data=training_data(self.photos, self.known, split.fold, self.shares),
            licence=job.licence or LICENCE,
            postprocess=POSTPROCESS,
            recipe={"name": job.recipe_name, **asdict(job.recipe)},
            seed=job.seed,
            command=job.command,
            people=job.people,
        )
