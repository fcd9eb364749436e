"""The truth of a painting survives its file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dermagrade.errors import PhotoError
from dermagrade.simulate.truth_map import read_truth, truth_png


def test_a_map_is_read_as_it_was_written(tmp_path: Path) -> None:
    truth = np.random.default_rng(0).uniform(-1, 2, (30, 40)).astype(np.float32)
    truth[:5] = 0
    (tmp_path / "a.png").write_bytes(truth_png(truth))
    again = read_truth(tmp_path / "a.png")
    assert np.abs(again - truth).max() <= 1 / 8192
    assert (again[:5] == 0).all()


def test_an_ordinary_picture_is_no_map(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    with pytest.raises(PhotoError, match="16-bit"):
        read_truth(tmp_path / "a.png")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="cannot be read"):
        read_truth(tmp_path / "nothing.png")
