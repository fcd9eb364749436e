"""``dermagrade train``: trains a network, measures it on people it never saw, and writes weights, card and report."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dermagrade.cli.output import print_line, tell, write_file
from dermagrade.conditions import CONDITIONS
from dermagrade.errors import OutputError, UsageError
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.evaluation.report import render_evaluation
from dermagrade.training.engines import ENGINES
from dermagrade.training.run.job import Job
from dermagrade.training.zones import fit as fit_zones
from dermagrade.training.zones.engine import ZoneJob, train_zones

#: What can be trained that is no condition: the network that finds faces and their zones.
ZONES = "zones"


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "train",
        help="train a network and write its weights, card and report",
        description="Trains a network and writes NAME.onnx with manifest and card, and one network for each fold.",
        epilog=_recipes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = (*CONDITIONS, ZONES)
    parser.add_argument("condition", metavar="CONDITION", choices=names, help=f"what to train: {', '.join(names)}")
    parser.add_argument("--recipe", metavar="NAME", help="how (default: the first below)")
    parser.add_argument("--labels", type=Path, metavar="CSV", help="CSV or XLSX: photo,subject,grade[,count,fold]")
    parser.add_argument("--images", type=Path, metavar="DIR", help="folder of the photos")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder of the run and its results")
    parser.add_argument("--scale", metavar="ID", help="scale of the grades (default: the recipe's own)")
    parser.add_argument(
        "--truth", type=Path, metavar="DIR", help="maps of the truth, as dermagrade simulate writes them"
    )
    parser.add_argument(
        "--backbone",
        metavar="NAME_OR_FOLDER",
        help="for recipes with one: resnet-152, resnet-50, an id on the hub of transformers, or a folder",
    )
    _add_many(parser, "--lesions", "CSV", "photo,x,y,radius; twice for two annotations")
    parser.add_argument("--ratings", type=Path, metavar="CSV", help="photo,rater,grade[,round]: further readers")
    _add_many(parser, "--clear", "DIR", "folder of faces without the condition; may be given several times")
    _add_many(parser, "--exclude", "CSV", "photo[,folder]: photos that train nothing; may be given several times")
    _add_many(parser, "--mesh", "NPZ", "meshes of the photos, photo and points (n, 468, 3)")
    parser.add_argument(
        "--acne", type=Path, metavar="DIR", help="zones: folder with photos, labels.csv, teacher_mesh.npz"
    )
    parser.add_argument(
        "--shares", type=Path, metavar="CSV", help="zones: folder,base,later,last[,title]: how much each folder gives"
    )
    parser.add_argument("--licence", metavar="TEXT", help="licence of the weights, for manifest and card")
    parser.add_argument("--people", metavar="TEXT", help="whose skin the photos show, a sentence for the card")
    parser.add_argument(
        "--folds", type=int, default=5, metavar="N", help="number of folds, where the labels name none (default: 5)"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="seed of the random numbers (default: 20, for zones 7)")
    parser.add_argument("--resume", action="store_true", help="go on with the run in the out folder")


def _add_many(parser: argparse.ArgumentParser, name: str, metavar: str, text: str) -> None:
    parser.add_argument(name, type=Path, action="append", default=[], metavar=metavar, help=text)


def _recipes() -> str:
    """Every recipe with its line, for the end of the help."""
    lines = []
    for condition in (c for c in CONDITIONS.values() if c.recipes):
        lines += [f"recipes of {condition.name}:"]
        lines += [f"  {name:<16}{recipe.summary}" for name, recipe in condition.recipes.items()]
    return "\n".join([*lines, f"recipes of {ZONES}: {', '.join(fit_zones.RECIPES)}"])


def run(args: argparse.Namespace) -> int:
    """Trains; 0 when everything is written."""
    if args.seed is not None and args.seed < 0:
        raise UsageError("--seed must be 0 or more.")
    if args.folds < 2:
        raise UsageError("--folds must be 2 or more.")
    try:
        done = _train_zones(args) if args.condition == ZONES else _train_condition(args)
    except OSError as error:
        place = error.filename or args.out
        raise OutputError(f"{place} cannot be read or written: {error.strerror or error}.") from error
    folds = any(done.parent.glob(f"fold*/{done.name}"))
    beside = "manifest, card and a network for each fold" if folds else "manifest and card"
    print_line(f"Written: {done}, with {beside} beside it.")
    return 0


def _train_condition(args: argparse.Namespace) -> Path:
    condition = CONDITIONS[args.condition]
    for option in ("acne", "shares"):
        if getattr(args, option) is not None:
            raise UsageError(f"--{option} belongs to train {ZONES}.")
    if not condition.recipes:
        raise UsageError(f"{condition.name} learns nothing, so it cannot be trained.")
    name = args.recipe or next(iter(condition.recipes), "default")
    if name not in condition.recipes:
        there_are = ", ".join(condition.recipes) or "none"
        raise UsageError(f"There is no recipe {name} for {condition.name}; there are: {there_are}.")
    recipe = condition.recipes[name]

    def report(evaluation: Evaluation) -> None:
        write_file(args.out / "report.html", render_evaluation(evaluation).encode())

    job = Job(
        condition=condition,
        recipe=recipe,
        recipe_name=name,
        out=args.out,
        tell=tell,
        command=command_line(args),
        labels=args.labels,
        images=args.images,
        scale=args.scale,
        truth=args.truth,
        lesions=tuple(args.lesions),
        ratings=args.ratings,
        clear=tuple(args.clear),
        exclude=tuple(args.exclude),
        mesh=tuple(args.mesh),
        backbone=args.backbone,
        licence=args.licence,
        people=args.people,
        folds=args.folds,
        seed=20 if args.seed is None else args.seed,
        resume=args.resume,
        report=report,
    )
    return ENGINES[recipe.engine](job)


def _train_zones(args: argparse.Namespace) -> Path:
    if args.images is None:
        raise UsageError("train zones needs --images DIR.")
    if not args.images.is_dir():
        raise UsageError(f"--images {args.images} is no folder.")
    if len(args.mesh) != 1:
        raise UsageError("train zones needs --mesh NPZ, once.")
    # Labels are allowed, as for every condition, and say nothing about zones.
    foreign = [name for name in ("scale", "truth", "backbone", "lesions", "ratings", "clear") if getattr(args, name)]
    if foreign:
        raise UsageError(f"--{foreign[0]} belongs to train {' or '.join(CONDITIONS)}.")
    name = args.recipe or "default"
    if name not in fit_zones.RECIPES:
        raise UsageError(f"There is no recipe {name} for zones; there are: {', '.join(fit_zones.RECIPES)}.")
    job = ZoneJob(
        images=args.images,
        mesh=args.mesh[0],
        out=args.out,
        recipe=fit_zones.RECIPES[name],
        recipe_name=name,
        seed=7 if args.seed is None else args.seed,
        acne=args.acne,
        exclude=tuple(args.exclude),
        shares=args.shares,
        licence=args.licence,
        people=args.people,
        resume=args.resume,
        command=command_line(args),
        tell=tell,
    )
    return train_zones(job)


def command_line(args: argparse.Namespace, environment: Sequence[str] = ("DERMAGRADE_DATA",)) -> str:
    """The call as a person would type it again, without the places of this machine."""
    words = ["dermagrade", "train", args.condition]
    for option in (
        "recipe",
        "labels",
        "images",
        "mesh",
        "acne",
        "scale",
        "truth",
        "backbone",
        "lesions",
        "ratings",
        "clear",
        "exclude",
        "shares",
        "licence",
        "people",
        "seed",
        "out",
    ):
        value = getattr(args, option)
        for one in value if isinstance(value, list) else [] if value is None else [value]:
            text = one.name if option == "out" else str(one)
            for variable in environment:
                place = os.environ.get(variable, "").rstrip("/")
                if place and text.startswith(place + "/"):
                    text = f"${variable}{text[len(place) :]}"
            words += [f"--{option}", text if text.startswith("$") else shlex.quote(text)]
    if args.condition != ZONES and args.folds != 5:
        words += ["--folds", str(args.folds)]
    return " ".join(words)
