"""The lists leave exactly the photos to train that the shipped networks learnt from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")
from dermagrade.tables.exclude import read_exclusions
from dermagrade.training.lesions.clear_faces import choose_clear
from dermagrade.training.zones.data import read_meshes
from dermagrade.training.zones.photos import find_photos, training_data
from dermagrade.training.zones.shares import read_shares
from dermagrade.weights.model import load_model
from laboratory.clear_faces import LISTS

ACNE_LISTS = [LISTS / name for name in ("clear_pool.csv", "other_ages.csv", "clear_copies.csv")]
ZONE_LISTS = [LISTS / name for name in ("clear_pool.csv", "never_read.csv")]


def digest(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def test_the_clear_faces_of_the_shipped_acne_network_are_chosen_in_their_order(data_dir: Path) -> None:
    folders = (data_dir / "faces" / "scut", data_dir / "faces" / "utk")
    names = [name for name, _ in choose_clear(folders, read_exclusions(ACNE_LISTS))]
    assert [sum(name.startswith(f"{c}/") for name in names) for c in ("scut", "utk")] == [380, 899]
    assert digest(names) == "f93695a280d78cf4"


def test_the_zone_network_reads_and_leaves_out_what_the_shipped_one_did(data_dir: Path) -> None:
    shares = read_shares(LISTS / "zone_shares.csv")
    photos = find_photos(data_dir / "faces", data_dir / "acne", read_exclusions(ZONE_LISTS), shares)
    assert digest(photos.names) == "550a29db1cc0ebbc"
    assert digest([n for n, out in zip(photos.names, photos.excluded, strict=True) if not out]) == "004dd7e8f96b727c"
    known = dict.fromkeys(read_meshes(data_dir / "faces" / "teacher_mesh.npz"), np.zeros(0))
    known |= {f"acne/{k}": np.zeros(0) for k in read_meshes(data_dir / "acne" / "teacher_mesh.npz")}
    assert tuple(training_data(photos, known, None, shares)) == load_model("zones").manifest.training_data
