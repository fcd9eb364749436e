"""``dermagrade train``: trains a network, measures it on people it never saw, and writes weights, card and report."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dermagrade.cli.output import print_line, tell, write_file
from dermagrade.errors import OutputError, UsageError
from dermagrade.reports.evaluation import render_evaluation
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.training import features_mlp, fit_acne, fit_zones, train_clean
from dermagrade.training.labels import read_lesions, read_ratings
from dermagrade.training.measure_acne import measure_acne, with_folds
from dermagrade.training.train_acne import AcneTables, acne_labels, train_acne
from dermagrade.training.train_features import train_features
from dermagrade.training.train_zones import train_zones


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "train",
        help="train a network and write its weights, card and report",
        description="Trains a network and writes NAME.onnx with manifest and card, and one network for each fold.",
    )
    parser.add_argument("condition", metavar="CONDITION", choices=("acne", "zones"), help="what to train: acne, zones")
    parser.add_argument("--recipe", metavar="NAME", help="settings (default: lesions for acne, default for zones)")
    parser.add_argument("--labels", type=Path, metavar="CSV", help="CSV or XLSX: photo,subject,grade[,count,fold]")
    parser.add_argument(
        "--images", type=Path, metavar="DIR", help="folder of the photos (none for acne's clean recipe)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="folder of the run and its results")
    parser.add_argument("--scale", metavar="ID", help="scale of the grades (default: acne-hayashi)")
    parser.add_argument(
        "--backbone",
        metavar="NAME_OR_FOLDER",
        help="features-mlp: resnet-152 (the default), resnet-50, an id on the hub of transformers, or a folder",
    )
    _add_many(parser, "--lesions", "CSV", "photo,x,y,radius; twice for two annotations")
    parser.add_argument("--ratings", type=Path, metavar="CSV", help="photo,rater,grade[,round]: further readers")
    _add_many(parser, "--clear", "DIR", "folder of faces without acne; may be given several times")
    _add_many(parser, "--mesh", "NPZ", "meshes of the photos, photo and points (n, 468, 3)")
    parser.add_argument(
        "--acne", type=Path, metavar="DIR", help="zones: folder with photos, labels.csv, teacher_mesh.npz"
    )
    parser.add_argument("--licence", metavar="TEXT", help="acne: licence of the weights, for manifest and card")
    parser.add_argument("--people", metavar="TEXT", help="acne: whose skin the photos show, a sentence for the card")
    parser.add_argument("--folds", type=int, default=5, metavar="N", help="where the labels have none (default: 5)")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="of the random numbers (default: 20 for acne, 7 for zones)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the run in the out folder")


def _add_many(parser: argparse.ArgumentParser, name: str, metavar: str, text: str) -> None:
    parser.add_argument(name, type=Path, action="append", default=[], metavar=metavar, help=text)


def run(args: argparse.Namespace) -> int:
    """Trains; 0 when everything is written."""
    if args.seed is not None and args.seed < 0:
        raise UsageError("--seed must be 0 or more.")
    if args.folds < 2:
        raise UsageError("--folds must be 2 or more.")
    clean = args.condition == "acne" and args.recipe in train_clean.RECIPES
    if args.images is None and not clean:
        raise UsageError(f"train {args.condition} needs --images DIR.")
    if not clean and not args.images.is_dir():
        raise UsageError(f"--images {args.images} is no folder.")
    try:
        train = _train_clean if clean else _train_acne if args.condition == "acne" else _train_zones
        done = train(args)
    except OSError as error:
        place = error.filename or args.out
        raise OutputError(f"{place} cannot be read or written: {error.strerror or error}.") from error
    beside = "manifest and card" if clean else "manifest, card and a network for each fold"
    print_line(f"Written: {done}, with {beside} beside it.")
    return 0


def _train_acne(args: argparse.Namespace) -> Path:
    if args.labels is None:
        raise UsageError("train acne needs --labels CSV.")
    if args.recipe in features_mlp.RECIPES:
        return _train_features(args)
    if args.backbone is not None:
        raise UsageError("--backbone belongs to the recipe features-mlp.")
    if args.scale not in (None, ACNE_HAYASHI.id):
        raise UsageError(f"train acne learns grades on {ACNE_HAYASHI.id} only for now, not on {args.scale}.")
    if args.acne is not None:
        raise UsageError("--acne belongs to train zones.")
    name = args.recipe or "lesions"
    if name not in fit_acne.RECIPES:
        there_are = ", ".join((*fit_acne.RECIPES, *train_clean.RECIPES, *features_mlp.RECIPES))
        raise UsageError(f"There is no recipe {name} for acne; there are: {there_are}.")
    tables = AcneTables(
        args.labels, args.images, tuple(args.lesions), args.ratings, tuple(args.clear), tuple(args.mesh)
    )
    seed = 20 if args.seed is None else args.seed
    done = train_acne(
        tables,
        args.out,
        fit_acne.RECIPES[name],
        recipe_name=name,
        seed=seed,
        folds=args.folds,
        resume=args.resume,
        licence=args.licence,
        people=args.people,
        command=command_line(args),
        tell=tell,
    )
    _measure_acne(tables, done, args.folds, seed)
    return done


def _train_features(args: argparse.Namespace) -> Path:
    foreign = [option for option in ("lesions", "ratings", "clear", "mesh", "acne") if getattr(args, option)]
    if foreign:
        raise UsageError(
            f"The recipe {args.recipe} learns from photos and their grades alone; leave out --{foreign[0]}."
        )
    return train_features(
        args.labels,
        args.images,
        args.out,
        features_mlp.RECIPES[args.recipe],
        recipe_name=args.recipe,
        backbone=args.backbone or "resnet-152",
        scale=args.scale,
        seed=20 if args.seed is None else args.seed,
        folds=args.folds,
        resume=args.resume,
        command=command_line(args),
        tell=tell,
    )


def _train_clean(args: argparse.Namespace) -> Path:
    given = ("images", "labels", "scale", "backbone", "lesions", "ratings", "clear", "mesh", "acne")
    foreign = [option for option in given if getattr(args, option)]
    if foreign:
        raise UsageError(f"The recipe {args.recipe} learns from simulated pictures alone; leave out --{foreign[0]}.")
    seed = 20 if args.seed is None else args.seed
    return train_clean.train_clean(
        args.out, recipe_name=args.recipe, seed=seed, resume=args.resume, command=command_line(args), tell=tell
    )


def _measure_acne(tables: AcneTables, done: Path, folds: int, seed: int) -> None:
    """Grades every photo with the network of its fold; the figures go into manifest, card and ``report.html``."""
    levels = {level.value for level in ACNE_HAYASHI.levels}
    readings = (
        read_ratings(tables.ratings, allowed=levels.__contains__, scale=ACNE_HAYASHI.id) if tables.ratings else []
    )
    evaluation = measure_acne(
        done.parent,
        with_folds(*acne_labels(tables, folds, seed)),
        tables.images,
        readings=readings,
        lesions=[read_lesions(path) for path in tables.lesions],
        tell=tell,
    )
    write_file(done.parent / "report.html", render_evaluation(evaluation).encode())


def _train_zones(args: argparse.Namespace) -> Path:
    if len(args.mesh) != 1:
        raise UsageError("train zones needs --mesh NPZ, once.")
    # Labels are allowed, as for every condition, and say nothing about zones.
    given = {
        "--scale": args.scale,
        "--backbone": args.backbone,
        "--lesions": args.lesions,
        "--ratings": args.ratings,
        "--clear": args.clear,
    }
    foreign = [option for option, value in given.items() if value]
    if foreign:
        raise UsageError(f"{foreign[0]} belongs to train acne.")
    name = args.recipe or "default"
    if name not in fit_zones.RECIPES:
        raise UsageError(f"There is no recipe {name} for zones; there are: {', '.join(fit_zones.RECIPES)}.")
    return train_zones(
        args.images,
        args.mesh[0],
        args.out,
        fit_zones.RECIPES[name],
        recipe_name=name,
        seed=7 if args.seed is None else args.seed,
        acne=args.acne,
        resume=args.resume,
        command=command_line(args),
        tell=tell,
    )


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
        "backbone",
        "lesions",
        "ratings",
        "clear",
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
    if args.condition == "acne" and args.folds != 5:
        words += ["--folds", str(args.folds)]
    return " ".join(words)
