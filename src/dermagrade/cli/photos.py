"""What the commands that take photos share: their arguments, the walk, the progress bar and the exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from dermagrade.assess.photo import Assessed
from dermagrade.cli.output import print_line, tell
from dermagrade.photo.read import DEFAULT_MAX_PIXELS, walk_photos

One = TypeVar("One")


def add_photo_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds ``PHOTO...`` and ``--max-pixels``."""
    parser.add_argument("photos", nargs="+", metavar="PHOTO", help="a photo, or a folder, walked in name order")
    add_max_pixels(parser)


def add_max_pixels(parser: argparse.ArgumentParser) -> None:
    """Adds ``--max-pixels``."""
    parser.add_argument(
        "--max-pixels",
        type=_positive,
        default=DEFAULT_MAX_PIXELS,
        metavar="N",
        help="refuse photos of more pixels, width times height (default: %(default)s)",
    )


def walk(args: argparse.Namespace) -> list[Path]:
    """The photo files that the call names, in order."""
    return walk_photos(args.photos)


def with_progress(photos: Sequence[One]) -> Iterator[One]:
    """The same photos, with a progress bar on stderr where that is a terminal."""
    with tqdm(photos, unit="photo", disable=not on_terminal()) as bar:
        yield from bar


def say(line: str) -> None:
    """One line on stdout, between two states of the progress bar."""
    with bar_aside():
        print_line(line)


def complain_of(message: str) -> None:
    """One line on stderr, between two states of the progress bar."""
    with bar_aside():
        tell(message)


def complain(result: Assessed) -> None:
    """One line on stderr for a photo that was refused or could not be read; nothing for any other."""
    if result.error is not None:
        message = result.error if result.name in result.error else f"{result.name}: {result.error}"
    elif result.status == "refused" and result.screening is not None:
        reasons = [f"{f.message} [{f.code}]" for f in result.screening.findings if f.severity == "refuse"]
        message = f"{result.name}: refused. {' '.join(reasons)}"
    else:
        return
    complain_of(message)


def exit_status(results: Sequence[str]) -> int:
    """0 where every status is ``assessed``, else 1."""
    return int(any(status != "assessed" for status in results))


def on_terminal() -> bool:
    """True where somebody sees a progress bar."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def bar_aside() -> Iterator[None]:
    """Lets a line out between two states of the progress bar."""
    if on_terminal():
        with tqdm.external_write_mode(file=sys.stderr):
            yield
    else:
        yield


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, not {text!r}")
    return int(text)
