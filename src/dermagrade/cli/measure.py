"""``dermagrade measure``: measurements that a user can run on own photos, or on the folders of own trainings.

A measurement is one line of :data:`MEASUREMENTS`. What it needs is loaded when it is asked for.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermagrade.cli.output import json_line, print_line, shown
from dermagrade.cli.photos import complain_of, with_progress
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import UsageError

if TYPE_CHECKING:
    from dermagrade.evaluation.measures.grader import Grader
    from dermagrade.evaluation.measures.outcome import Outcome
    from dermagrade.evaluation.measures.photo_sample import ReadEach, Subject


@dataclass(frozen=True)
class Measurement:
    """One measurement.

    Attributes:
        name: as typed.
        help: one line for the list.
        add: adds its arguments.
        run: measures, prints and gives back the exit status.
    """

    name: str
    help: str
    add: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "measure",
        help="measure a network on photos without grades",
        description="Measurements on your own photos and trainings. None needs a grade, and none sends anything.",
    )
    names = parser.add_subparsers(title="measurements", metavar="NAME", required=True)
    for one in MEASUREMENTS:
        own = names.add_parser(one.name, help=one.help, description=f"{one.help[0].upper()}{one.help[1:]}.")
        one.add(own)
        own.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        own.set_defaults(measure=one.run)


def run(args: argparse.Namespace) -> int:
    """Runs the measurement that was asked for; 1 where a photo could not be read."""
    measure: Callable[[argparse.Namespace], int] = args.measure
    return measure(args)


def _add_photos(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--images",
        type=Path,
        action="append",
        required=True,
        metavar="DIR",
        help="folder of photos; may be given several times",
    )
    parser.add_argument("--sample", type=int, metavar="N", help="of each folder, by chance (default: all)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of all that is drawn (default: %(default)s)")
    parser.add_argument("--zones", type=Path, help="zone network, or a folder with it (default: the shipped one)")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")


def _add_graded(parser: argparse.ArgumentParser) -> None:
    _add_photos(parser)
    first = next(name for name, condition in CONDITIONS.items() if condition.takes == "photo")
    parser.add_argument("--condition", choices=tuple(CONDITIONS), default=first, help="default: %(default)s")
    parser.add_argument("--model", type=Path, help="its network, or a folder with it (default: the shipped one)")


def _add_by_age(parser: argparse.ArgumentParser) -> None:
    _add_graded(parser)
    parser.add_argument("--ages", type=Path, required=True, metavar="CSV", help="photo,age: in years")


def _add_cross_table(parser: argparse.ArgumentParser) -> None:
    _add_photos(parser)
    parser.add_argument("--grades", type=int, default=4, metavar="N", help="of each scale (default: %(default)s)")


def _add_painted(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("training", type=Path, metavar="RUN", help="folder of a finished training")
    parser.add_argument(
        "--study",
        action="append",
        required=True,
        metavar="TITLE=DIR",
        help="a study as dermagrade simulate --study makes it, and what to call it; may be given several times",
    )
    parser.add_argument("--condition", choices=tuple(CONDITIONS), help="default: that of the run")
    parser.add_argument("--repeatability-sd", type=float, metavar="SD", help="of retakes of one face, in grades")


def _add_published(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="folder of a training")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="chart.csv, chart.md or chart.html")


def _photos(args: argparse.Namespace) -> list[Subject]:
    """The photos that the call names, sampled.

    Raises:
        UsageError: if the numbers make no sense, or a folder holds no photo.
    """
    from dermagrade.evaluation.measures.photo_sample import folder_photos

    if args.sample is not None and args.sample < 1:
        raise UsageError("--sample must be 1 or more.")
    if args.seed < 0:
        raise UsageError("--seed must be 0 or more.")
    return folder_photos(args.images, sample=args.sample, seed=args.seed)


def _grader(args: argparse.Namespace) -> Grader:
    from dermagrade.evaluation.measures.grader import make_grader

    return make_grader(args.condition, model=args.model, zones=args.zones)


def _measured(args: argparse.Namespace, measure: Callable[[ReadEach], Outcome]) -> int:
    """Measures, with a bar, and prints; a photo that cannot be read is told and left out."""
    from dermagrade.evaluation.measures.photo_sample import read_each

    failed = 0

    def tell_failure(error: Exception) -> None:
        nonlocal failed
        failed += 1
        complain_of(str(error))

    outcome = measure(lambda subjects: read_each(subjects, progress=with_progress, failed=tell_failure))
    if args.json:
        for record in outcome.records:
            print_line(json_line(record))
    else:
        print_line("\n".join(shown(line) for line in outcome.text.splitlines()))
    return int(failed > 0)


def _steadiness(args: argparse.Namespace) -> int:
    from dermagrade.evaluation.measures.steadiness import measure

    photos, grader = _photos(args), _grader(args)
    return _measured(args, lambda read: measure(photos, grader, seed=args.seed, read=read))


def _left_right(args: argparse.Namespace) -> int:
    from dermagrade.evaluation.measures.left_right import measure

    photos, grader = _photos(args), _grader(args)
    return _measured(args, lambda read: measure(photos, grader, seed=args.seed, read=read))


def _by_age(args: argparse.Namespace) -> int:
    from dermagrade.evaluation.measures.by_age import ages_of, measure

    photos = _photos(args)
    ages, grader = ages_of(photos, args.ages), _grader(args)  # all ages are known before the first photo is graded
    return _measured(args, lambda read: measure(photos, ages, grader, seed=args.seed, read=read))


def _confounding(args: argparse.Namespace) -> int:
    from dermagrade.evaluation.painted.confounding import measure

    photos, grader = _photos(args), _grader(args)
    return _measured(args, lambda read: measure(photos, grader, seed=args.seed, read=read))


def _cross_table(args: argparse.Namespace) -> int:
    from dermagrade.evaluation.painted.cross_table import measure, table_graders

    if args.grades < 1:
        raise UsageError("--grades must be 1 or more.")
    photos, graders = _photos(args), table_graders(args.zones)
    return _measured(args, lambda read: measure(photos, graders, grades=args.grades, seed=args.seed, read=read))


def _painted(args: argparse.Namespace) -> int:
    from dermagrade.training.zone_ordinal.measure_painted import measure_painted

    studies = _studies(args.study)
    found = measure_painted(
        args.training,
        studies,
        condition=args.condition,
        repeatability_sd=args.repeatability_sd,
        progress=with_progress,
    )
    print_line(json.dumps(found, indent=2))
    return 0


def _studies(texts: Sequence[str]) -> dict[str, Path]:
    """Folder of each study by its title.

    Raises:
        UsageError: if one is not like TITLE=DIR.
    """
    studies = {}
    for text in texts:
        title, _, folder = text.partition("=")
        if not folder:
            raise UsageError(f"--study must be like TITLE=DIR, not {text}.")
        studies[title] = Path(folder)
    return studies


def _published(args: argparse.Namespace) -> int:
    from dermagrade.training.photo_classes.comparison_chart import make_chart, read_figures, write_chart

    write_chart(make_chart([read_figures(run) for run in args.runs]), args.out)
    print_line(f"Written: {args.out}")
    return 0


#: Every measurement, in the order in which the help lists them.
MEASUREMENTS: tuple[Measurement, ...] = (
    Measurement("steadiness", "how far a score moves with file, light and framing", _add_graded, _steadiness),
    Measurement("left-right", "how alike both cheeks are graded, and what the mirror does", _add_graded, _left_right),
    Measurement("by-age", "the score by the age of the person", _add_by_age, _by_age),
    Measurement(
        "confounding", "whether a score follows simulated things that are not the condition", _add_graded, _confounding
    ),
    Measurement(
        "cross-table",
        "whether one condition's score follows another, simulated, condition",
        _add_cross_table,
        _cross_table,
    ),
    Measurement("painted", "how a training does on simulated studies of people it never saw", _add_painted, _painted),
    Measurement(
        "published", "figures of trainings beside those published of their recipes", _add_published, _published
    ),
)
