"""Processes that work for a training end with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="torch comes with the train extra")

from dermagrade.errors import OutputError
from dermagrade.training.run.workers import side_by_side
from worker_jobs import fail_on_second, note

pytestmark = pytest.mark.long

#: A training with two processes, each of which says who it is and then works for an hour.
TRAINING = """
import sys
sys.path.insert(0, {tests!r})
from worker_jobs import hour
from dermagrade.training.run.workers import side_by_side
if __name__ == "__main__":
    side_by_side(hour, [({folder!r}, 0), ({folder!r}, 1)], 2)
"""


def wait_for(ready: Callable[[], bool]) -> None:
    """Until it is so; a test that waits for ever is ended by the limit."""
    end = time.monotonic() + 300
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.05)


def runs(pid: int) -> bool:
    """Whether a process of this number still works; one that nobody has asked for its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to see other processes")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_training_that_is_killed_takes_its_processes_along(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "training.py"
    script.write_text(TRAINING.format(tests=str(Path(__file__).parents[2]), folder=str(tmp_path)))
    training = subprocess.Popen([sys.executable, str(script)])
    try:
        wait_for(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
        workers = [int(path.read_text()) for path in tmp_path.glob("*.pid")]
        assert all(map(runs, workers))
        training.send_signal(how)
        training.wait()
        wait_for(lambda: not any(map(runs, workers)))
    finally:
        training.kill()


def test_a_process_that_fails_ends_the_others_and_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="ended with status 3"):
        side_by_side(fail_on_second, [(str(tmp_path), 0), (str(tmp_path), 1)], 2)
    assert not any(runs(int(path.read_text())) for path in tmp_path.glob("*.pid"))


def test_jobs_one_at_a_time_are_done_here(tmp_path: Path) -> None:
    side_by_side(note, [(str(tmp_path), number) for number in range(3)], 1)
    assert {path.read_text() for path in tmp_path.iterdir()} == {str(os.getpid())}


def test_all_jobs_are_done_by_fewer_processes(tmp_path: Path) -> None:
    side_by_side(note, [(str(tmp_path), number) for number in range(3)], 2)
    done = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert sorted(done) == ["0", "1", "2"]
    assert str(os.getpid()) not in done.values()
