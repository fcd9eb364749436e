"""The command line: one table of commands, and what they have in common.

Exit status: 0 all done; 1 at least one input was refused or failed, or a result could not be written; 2 the call was
wrong; 130 interrupted; 141 the reader of the output went away.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from dermagrade import __version__, telemetry
from dermagrade.cli.output import abandon_stdout, flush_stdout, tell
from dermagrade.errors import DermagradeError, MissingExtraError, UsageError
from dermagrade.weights.backends import chosen
from dermagrade.weights.store import own_folder


@dataclass(frozen=True)
class Command:
    """One command: its module has ``add_parser(subparsers)`` and ``run(args) -> int``.

    Attributes:
        name: as typed.
        help: one line for the list of commands.
        extra: the optional part of the package that it needs, if any.
    """

    name: str
    help: str
    extra: str | None = None

    @property
    def module(self) -> str:
        """Dotted name of the command's module."""
        return f"dermagrade.cli.{self.name}"


#: Every command, in the order in which the help lists them.
COMMANDS: tuple[Command, ...] = (
    Command("assess", "grade photos"),
    Command("compare", "say how a person's photos differ over time"),
    Command("screen", "check the quality of photos, without grading"),
    Command("patches", "cut the skin zones out of photos"),
    Command("demo", "the whole way on one portrait, with a report"),
    Command("simulate", "paint a simulated condition onto photos, with the truth about it"),
    Command("models", "list the networks that are installed"),
    Command("train", "train a network and write its weights, card and report", extra="train"),
    Command("evaluate", "measure a network on labelled photos"),
    Command("measure", "measure a network on photos without grades", extra="train"),
    Command("agreement", "say how well raters agree"),
    Command("power", "say how many people a study needs"),
    Command("study", "set up, list and export studies of raters", extra="server"),
    Command("serve", "grade photos in a browser or over HTTP", extra="server"),
)


class Parser(argparse.ArgumentParser):
    """Says what is wrong with a call in one line instead of printing the usage."""

    def error(self, message: str) -> NoReturn:
        """Ends the program with status 2."""
        tell(f"{message} (see {self.prog} --help)", program=self.prog)
        sys.exit(2)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status; errors become one line on stderr.

    Args:
        argv: the arguments after the program's name; those of the process where None.
    """
    telemetry.switch_off()
    arguments = list(sys.argv[1:] if argv is None else argv)
    # A file name may hold what the terminal's encoding lacks; that must not end the run.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    finally:
        flush_stdout()


def _run(arguments: Sequence[str]) -> int:
    debug = "--debug" in arguments
    asked = next((a for a in arguments if not a.startswith("-")), None)
    command = next((c for c in COMMANDS if c.name == asked), None)
    try:
        with _extra_of(command):
            args = _parser(command).parse_args(arguments)
            # Before anything is done: a run of hours must not end on a folder that was mistyped, nor pass it over.
            own_folder()
            chosen()
            return int(args.run(args))
    except KeyboardInterrupt:
        if debug:
            raise
        tell("Stopped; what was finished stays.")
        return 130
    except BrokenPipeError:
        abandon_stdout()
        return 141
    except DermagradeError as error:
        if debug:
            raise
        tell(str(error))
        return 2 if isinstance(error, UsageError) else 1
    except Exception as error:  # the outermost edge: whatever escapes is our fault, and still is told in one line
        if debug:
            raise
        tell(f"Dermagrade itself failed ({type(error).__name__}: {error}); run it again with --debug to see where.")
        return 1


def _parser(asked: Command | None) -> Parser:
    """The parser, with the arguments of the one command that was asked for: no other command's module is loaded."""
    parser = Parser(prog="dermagrade", description="Grades facial skin from ordinary photos.")
    parser.add_argument("--version", action="version", version=f"dermagrade {__version__}")
    parser.add_argument("--debug", action="store_true", help="show where an error comes from")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        if command is asked:
            module = importlib.import_module(command.module)
            module.add_parser(subparsers)
            own = subparsers.choices[command.name]
            own.set_defaults(run=module.run)
            own.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        else:
            subparsers.add_parser(command.name, help=command.help)
    return parser


@contextmanager
def _extra_of(command: Command | None) -> Iterator[None]:
    """Turns the absence of a package that an optional extra brings into the sentence that says how to get it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if command is None or command.extra is None or (error.name or "").partition(".")[0] == "dermagrade":
            raise
        raise MissingExtraError(
            f"dermagrade {command.name} needs {error.name}, which is not installed; "
            f"run: pip install 'dermagrade[{command.extra}]'"
        ) from error
