"""A measuring script ends with one sentence where the caller can act, and with a traceback where not."""

from __future__ import annotations

import pytest

from dermagrade.errors import LabelsError, UsageError
from dermagrade.evaluation.measures.told import told


@pytest.mark.parametrize(("error", "status"), [(UsageError("Name a folder."), 2), (LabelsError("No age."), 1)])
def test_an_error_that_a_caller_can_act_on_is_its_sentence(error, status, capsys):
    def main():
        raise error

    assert told(main) == status
    assert capsys.readouterr().err == f"{error}\n"


def test_a_script_keeps_its_status_and_a_fault_of_ours_is_not_hidden():
    assert told(lambda: 0) == 0
    with pytest.raises(ZeroDivisionError):
        told(lambda: 1 // 0)
