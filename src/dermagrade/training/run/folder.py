"""The folder of one training run: what was asked for, its log, its prepared samples and its checkpoints."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dermagrade.errors import OutputError, UsageError


def file_digest(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits.

    Raises:
        UsageError: if it cannot be read.
    """
    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def open_run(out: Path, settings: Mapping[str, Any], *, resume: bool) -> None:
    """Makes the folder, or checks that it may go on, and keeps the settings as ``run.json``.

    Raises:
        UsageError: if it holds something and ``resume`` is not set, or a run with other settings.
        OutputError: if it cannot be made.
    """
    wanted = json.loads(json.dumps(settings))
    kept = out / "run.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not resume:
            raise UsageError(f"{out} is not empty; add --resume to go on with the run in it, or name another folder.")
        if kept.exists():
            found = json.loads(kept.read_text(encoding="utf-8"))
            other = sorted(key for key in {*wanted, *found} if wanted.get(key) != found.get(key))
            if other:
                raise UsageError(f"{out} holds another run (it differs in {', '.join(other)}); name another folder.")
        kept.write_text(json.dumps(wanted, indent=2) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise OutputError(f"{out} cannot be used for a run: {error}.") from error


def save_arrays(folder: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Keeps arrays as one ``.npy`` each; the folder appears under its name only when it is whole."""
    partial = folder.with_name(folder.name + ".partial")
    partial.mkdir(exist_ok=True)
    for name, array in arrays.items():
        np.save(partial / f"{name}.npy", array)
    partial.rename(folder)


def load_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a folder, mapped from the disk, so that several processes share the memory."""
    # Copy on write: torch warns of arrays that it may not write to.
    return {path.stem: np.asarray(np.load(path, mmap_mode="c")) for path in sorted(folder.glob("*.npy"))}


def save_state(path: Path, state: Mapping[str, Any]) -> None:
    """Keeps a network's state; the file appears under its name only when it is whole."""
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def save_text(path: Path, text: str) -> None:
    """Keeps a text; the file appears under its name only when it is whole."""
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def load_state(path: Path) -> dict[str, Any]:
    """What :func:`save_state` kept."""
    state: dict[str, Any] = torch.load(path, weights_only=True)
    return state


@contextmanager
def follow(log: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Tells each line that is added to a log of JSON lines meanwhile, whichever process adds it."""
    done = threading.Event()
    start = log.stat().st_size if log.exists() else 0

    def watch() -> None:
        position = start
        while True:
            last = done.wait(0.5)
            if log.exists():
                with log.open("rb") as opened:
                    opened.seek(position)
                    new = opened.read()
                whole = new[: new.rfind(b"\n") + 1]
                position += len(whole)
                for line in whole.splitlines():
                    row = json.loads(line)
                    tell(", ".join(f"{key} {value}" for key, value in row.items()))
            if last:
                return

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
