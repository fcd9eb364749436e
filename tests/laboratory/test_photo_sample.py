"""The sample of real photos is seeded, and knows the persons as far as anybody does."""

from __future__ import annotations

import pytest

from dermagrade.errors import LabelsError
from laboratory.photo_sample import default_photos


def test_data_without_a_table_are_one_sentence(tmp_path):
    with pytest.raises(LabelsError, match="point DERMAGRADE_DATA to it"):
        default_photos(tmp_path, sample=None, seed=0)


def test_the_sample_is_seeded_and_knows_the_persons(data_dir):
    one, again, other = (default_photos(data_dir, sample=5, seed=s) for s in (1, 1, 2))
    assert one == again != other
    assert [s.group for s in one] == ["acne photos"] * 5 + ["clear faces"] * 5
    assert all(s.path.is_file() for s in one)
