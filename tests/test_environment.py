"""Every environment variable that is read is in one table, and one that is not is taken for misspelt."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ENVIRONMENT
from dermagrade.environment import ACCOUNTS, ELSEWHERE, PREFIX, SERVICE, STORE, VARIABLES, check_names
from dermagrade.errors import UsageError
from dermagrade.people.store.settings import StoreSettings
from dermagrade.service.settings import Settings

SRC = Path(__file__).resolve().parents[1] / "src"


def test_the_table_holds_every_setting_and_nothing_else() -> None:
    names = {name.upper() for name in Settings.model_fields}
    assert names == {*STORE, *SERVICE, *ACCOUNTS, "WEIGHTS"}
    assert {name.upper() for name in StoreSettings.model_fields} == set(STORE)
    assert len(VARIABLES) == len([*STORE, *SERVICE, *ACCOUNTS, *ELSEWHERE])


def test_every_variable_that_the_code_names_is_in_the_table() -> None:
    # What a name may begin with is no name.
    named = {
        name
        for path in SRC.rglob("*.py")
        for name in re.findall(r"(?<!startswith\(.)\b_?DERMAGRADE_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))
    }
    assert {name for name in named if not name.startswith("_")} <= VARIABLES


def test_a_misspelt_variable_is_refused_with_those_that_there_are() -> None:
    check_names(["HOME", f"{PREFIX}PORT"])
    with pytest.raises(
        UsageError, match=r"There is no setting DERMAGRADE_PROT; there are: DERMAGRADE_ANSWER_TIMEOUT_S, .*PORT"
    ):
        check_names(["HOME", f"{PREFIX}PROT"])


def test_the_command_for_studies_refuses_it_too(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "dermagrade", "study", "list"],
        cwd=tmp_path,
        env=ENVIRONMENT | {"DERMAGRADE_DATABSE_URL": "sqlite:///a"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "There is no setting DERMAGRADE_DATABSE_URL" in run.stderr
    assert list(tmp_path.iterdir()) == []
