"""Exit statuses and messages: one line that helps, never a traceback unless asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ENVIRONMENT, Run
from dermagrade import __version__
from dermagrade.cli.main import COMMANDS, Command


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["grade"], "invalid choice"),
        (["assess"], "required: PHOTO"),
        (["assess", "a.jpg", "--condition", "freckles"], "invalid choice: 'freckles'"),
        (["assess", "a.jpg", "--colour"], "unrecognized arguments: --colour"),
        (["assess", "a.jpg", "--overlay"], "--overlay needs --out DIR"),
        (["assess", "a.jpg", "--max-pixels", "0"], "whole number from 1 on"),
        (["patches", "a.jpg"], "required: --out"),
        (["assess", "two\nlines", "--colour\nful"], "unrecognized arguments"),
    ],
)
def test_a_wrong_call_ends_with_2_and_one_line(run: Run, arguments: list[str], says: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["assess", "screen"])
def test_a_missing_photo_ends_with_1_and_one_line_that_names_it(run: Run, command: str) -> None:
    done = run(command, "nowhere.jpg")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "nowhere.jpg" in done.stderr


def test_the_help_lists_every_command(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    said = " ".join(done.stdout.split())  # where a line breaks is up to argparse
    assert all(f"{command.name} {command.help}" in said for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help_of_its_own(run: Run, command: Command) -> None:
    done = run(command.name, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: dermagrade {command.name}")


def test_the_version_is_told(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"dermagrade {__version__}\n")


@pytest.mark.parametrize("arguments", [["--debug", "assess", "a.jpg"], ["assess", "a.jpg", "--debug"]])
def test_debug_shows_where_an_error_comes_from(run: Run, arguments: list[str]) -> None:
    done = run(*arguments, "--overlay")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "UsageError" in done.stderr


def test_a_missing_extra_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    # None in the table of modules is how Python marks a module that cannot be imported.
    call = ["train", "acne", "--recipe", "unet", "--labels", "l.csv", "--images", "i", "--out", "o"]
    code = f"import sys; sys.modules['torch'] = None; from dermagrade.cli.main import main; sys.exit(main({call}))"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "pip install 'dermagrade[train]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_setting_that_is_wrong_ends_with_2(run: Run, portrait: Path) -> None:
    done = run("assess", portrait, env={**ENVIRONMENT, "DERMAGRADE_THREADS": "many"})
    assert done.returncode == 2
    assert "DERMAGRADE_THREADS must be a whole number" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_stdout_is_one_sentence(run: Run) -> None:
    with open("/dev/full", "w") as full:
        done = run("assess", "--json", "nowhere.jpg", stdout=full)
    assert done.returncode == 1
    assert "standard output: No space left on device" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_reader_that_leaves_ends_the_run_quietly(run: Run) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = run("assess", "--json", "nowhere.jpg", stdout=writer)
    finally:
        os.close(writer)
    assert done.returncode == 141
    assert "Broken" not in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_with_130_and_one_line(tmp_path: Path) -> None:
    # Nobody reads the pipe until the signal is sent, but for one line, read byte by byte. It holds less than the
    # process has to say, so the process is surely still at work when the signal comes.
    command = [sys.executable, "-m", "dermagrade", "assess", "--json", *(f"nowhere{i}.jpg" for i in range(3000))]
    with open(tmp_path / "stderr", "w+") as stderr:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, bufsize=0, env=ENVIRONMENT, cwd=tmp_path
        )
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
        stderr.seek(0)
        said = stderr.read().splitlines()
    assert b"nowhere0.jpg" in first
    assert process.returncode == 130
    assert said[-1] == "dermagrade: Stopped; what was finished stays."
    assert not any("Traceback" in line for line in said)


def test_a_name_that_would_disturb_the_terminal_is_shown_escaped(run: Run) -> None:
    done = run("assess", "evil\x1b[2J\nname.jpg")
    assert done.returncode == 1
    assert "\x1b" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_closed_stream_does_no_harm(tmp_path: Path, closed: str) -> None:
    shell = f"exec '{sys.executable}' -m dermagrade assess --json nowhere.jpg {1 if closed == 'stdout' else 2}>&-"
    done = subprocess.run(["sh", "-c", shell], env=ENVIRONMENT, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert ("nowhere.jpg" in done.stdout) == (closed == "stderr")
