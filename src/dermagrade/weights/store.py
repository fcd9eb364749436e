"""Where weights lie, and finding them by name or path.

Weights are three files with one stem: ``acne.onnx`` (the network), ``acne.json`` (its manifest) and ``acne.md`` (its
card). They lie in the package, and in the folder that the environment variable ``DERMAGRADE_WEIGHTS`` names, such as
what ``dermagrade train`` wrote: what lies there takes the place of the shipped weights of the same name.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from dermagrade.errors import WeightsError, WeightsFolderError
from dermagrade.weights.manifest import Manifest, read_manifest

#: The folder of the shipped weights.
SHIPPED = Path(__file__).resolve().parent

#: The environment variable that names a folder of own weights.
FOLDER_SETTING = "DERMAGRADE_WEIGHTS"


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights as they lie on disk, not yet loaded.

    Attributes:
        name: the stem of the files, such as ``acne``.
        path: of the ``.onnx`` file.
        manifest: what is known of the network.
    """

    name: str
    path: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Version and the first digits of the network's SHA-256, such as ``acne-2026.11@1f3a9c2e``."""
        return f"{self.manifest.version}@{self.manifest.sha256[:8]}"

    @property
    def card(self) -> Path:
        """Where the card lies."""
        return self.path.with_suffix(".md")

    @property
    def size_bytes(self) -> int:
        """Size of the network's file."""
        return self.path.stat().st_size


def installed_names() -> tuple[str, ...]:
    """Names of the weights that need no path: those of the package and of the own folder, sorted.

    Raises:
        WeightsFolderError: as :func:`own_folder`.
    """
    return tuple(sorted({path.stem for folder in _folders() for path in folder.glob("*.onnx")}))


def own_folder() -> Path | None:
    """The folder that ``DERMAGRADE_WEIGHTS`` names; None where the variable is not set or empty.

    Raises:
        WeightsFolderError: if it is missing, no folder, or holds no weights; or if the variable is misspelt.
    """
    misspelt = [name for name in os.environ if name.startswith("DERMAGRADE_WEIGHT") and name != FOLDER_SETTING]
    if misspelt:
        raise WeightsFolderError(f"{misspelt[0]} is no setting; the folder of your own weights is {FOLDER_SETTING}.")
    named = os.environ.get(FOLDER_SETTING, "")
    if not named:
        return None
    folder = Path(named)
    wrong = None
    if not folder.exists():
        wrong = "which does not exist"
    elif not folder.is_dir():
        wrong = "which is no folder"
    elif not any(folder.glob("*.onnx")):
        wrong = "which holds no .onnx file"
    if wrong:
        raise WeightsFolderError(f"{FOLDER_SETTING} names {folder}, {wrong}; name a folder of weights.")
    return folder.resolve()


def find_weights(name_or_path: str | Path) -> Weights:
    """The weights of that name, or at that path, with their manifest read but the network neither read nor checked.

    Args:
        name_or_path: an installed name such as ``acne`` (a bare string is always a name, whatever the working folder
            holds); or the path of an ``.onnx`` file, or of a folder that holds exactly one.

    Raises:
        WeightsError: if there are none, or the manifest is absent or not what it should be.
        WeightsFolderError: as :func:`own_folder`.
    """
    path = locate(name_or_path)
    return Weights(name=path.stem, path=path, manifest=read_manifest(path))


def locate(name_or_path: str | Path) -> Path:
    """Where the network of that name or at that path lies; arguments and errors as for :func:`find_weights`."""
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and path.name == name_or_path and not path.suffix:
        for folder in _folders():
            candidate = folder / f"{name_or_path}.onnx"
            if candidate.is_file():
                return candidate
        there = ", ".join(installed_names())
        raise WeightsError(f"There are no weights named {name_or_path}; there are: {there or 'none'}.")
    if path.is_dir():
        networks = sorted(path.glob("*.onnx"))
        if len(networks) != 1:
            raise WeightsError(f"The folder {path} must hold exactly one .onnx file, not {len(networks)}.")
        return networks[0].resolve()
    if path.suffix != ".onnx" or not path.is_file():
        raise WeightsError(f"There are no weights at {path}; name an .onnx file or a folder that holds one.")
    return path.resolve()


def named_network(path: Path, name: str) -> Path:
    """The network of that name where ``path`` is a folder that holds several, else ``path`` itself."""
    return path / f"{name}.onnx" if (path / f"{name}.onnx").is_file() else path


def _folders() -> tuple[Path, ...]:
    own = own_folder()
    return (SHIPPED,) if own is None else (own, SHIPPED)
