"""The one run of every engine: opens the folder, trains what is missing, then writes networks, manifests and cards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from dermagrade.training.run.card import describe
from dermagrade.training.run.folder import follow, open_run
from dermagrade.training.run.folds import EVERYBODY, Split
from dermagrade.training.run.manifest import Described
from dermagrade.training.run.workers import processes, side_by_side

R = TypeVar("R")


class Prepared(Protocol[R]):
    """What an engine brings to a run whose data are ready: its networks, and how each is trained and handed on.

    ``R`` is what it finds out when all networks are trained, such as figures for people whom they never saw.
    """

    @property
    def splits(self) -> Sequence[Split]:
        """The networks, that for everybody last."""
        ...

    @property
    def at_most(self) -> int | None:
        """How many networks may be trained side by side; as many as there are processes where None."""
        ...

    def mark(self, split: Split) -> Path | None:
        """The file that stands when a network is trained; None for one that is made of the others."""
        ...

    def trainer(self) -> Callable[[Split], None]:
        """Trains one network and leaves its :meth:`mark` last. It must be picklable: it may run in another process."""
        ...

    def results(self) -> R:
        """What the trained networks say of people whom they never saw, kept in the run's folder."""
        ...

    def export(self, split: Split, path: Path, results: R) -> None:
        """Writes a trained network as ONNX, unless its training has done so."""
        ...

    def described(self, split: Split, results: R) -> Described:
        """What the manifest of a network says of it."""
        ...


class Plan(Protocol[R]):
    """What an engine means to do, before the run's folder is opened."""

    @property
    def name(self) -> str:
        """Of the network's files, without suffix."""
        ...

    @property
    def settings(self) -> Mapping[str, Any]:
        """What makes it another run: a run in the folder is gone on with only if it has the same."""
        ...

    def prepare(self) -> Prepared[R]:
        """Makes the data ready in the run's folder, as far as they are not."""
        ...


def carry_out(plan: Plan[R], out: Path, *, resume: bool, at_once: int | None, tell: Callable[[str], None]) -> Path:
    """Trains, exports and describes every network of a plan; what stands in the folder is not trained again.

    Args:
        plan: what an engine means to do.
        out: folder of the run. It gets ``NAME.onnx`` with manifest and card, ``fold{k}/NAME.onnx`` likewise (which
            never saw fold k), ``run.json``, ``log.jsonl``, and what the engine keeps.
        resume: True to go on with the run in the folder.
        at_once: networks trained side by side, one thread each; as many as there are cores where None.
        tell: takes a line of progress.

    Returns:
        The path of the network for everybody.

    Raises:
        UsageError: if ``out`` holds something else.
        OutputError: if ``out`` cannot be written, or a process was ended.
    """
    open_run(out, plan.settings, resume=resume)
    prepared = plan.prepare()
    _train_missing(prepared, out, processes(at_once), tell)
    results = prepared.results()
    path = out / f"{plan.name}.onnx"
    for split in prepared.splits:
        path = network_path(out, split, plan.name)
        path.parent.mkdir(exist_ok=True)
        prepared.export(split, path, results)
        describe(path, prepared.described(split, results).manifest(path))
    return path


def network_path(out: Path, split: Split, name: str) -> Path:
    """Where the network of a split is written: in the run's folder for everybody, else in the folder of its fold."""
    return (out if split.title == EVERYBODY else out / split.title) / f"{name}.onnx"


def _train_missing(prepared: Prepared[R], out: Path, at_once: int, tell: Callable[[str], None]) -> None:
    missing = [split for split in prepared.splits if not _trained(prepared.mark(split))]
    if not missing:
        return
    most = len(missing) if prepared.at_most is None else prepared.at_most
    with follow(out / "log.jsonl", tell):
        side_by_side(prepared.trainer(), [(split,) for split in missing], min(at_once, most, len(missing)))


def _trained(mark: Path | None) -> bool:
    return mark is None or mark.exists()
