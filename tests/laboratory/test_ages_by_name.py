"""Ages out of file names: read where the names say them, and never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from dermagrade.errors import LabelsError
from dermagrade.evaluation.measures.by_age import read_ages
from laboratory.ages_by_name import age_from_name, main


def test_the_age_is_the_first_field_of_a_name():
    assert age_from_name(Path("x/45_1_2_20170103.jpg.jpg")) == 45


@pytest.mark.parametrize("name", ["anna.jpg", "2024_06_01.jpg", "45.jpg", "45_7_0_x.jpg", "45_1_9_x.jpg"])
def test_a_name_without_an_age_is_refused_and_never_guessed(name):
    with pytest.raises(LabelsError, match="--ages"):
        age_from_name(Path(name))


def test_the_table_is_one_that_by_age_reads(tmp_path, capsys):
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("20_0_1_a.png", "60_1_0_b.png", "notes.txt"):
        (folder / name).touch()
    assert main([str(folder)]) == 0
    (tmp_path / "ages.csv").write_text(capsys.readouterr().out)
    assert read_ages(tmp_path / "ages.csv") == {"20_0_1_a.png": 20, "60_1_0_b.png": 60}
