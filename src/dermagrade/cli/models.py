"""``dermagrade models``: lists the networks that are installed."""

from __future__ import annotations

import argparse
from typing import Any

from dermagrade.cli.output import json_line, print_line, shown
from dermagrade.weights.backends import chosen
from dermagrade.weights.model import load_model
from dermagrade.weights.store import Weights, installed_names


def model_record(weights: Weights, backend: str) -> dict[str, Any]:
    """What the command says of one network.

    Args:
        weights: of the network.
        backend: that runs it here, with its version.
    """
    known = weights.manifest.record()
    return {
        "name": weights.name,
        "id": weights.id,
        "size_bytes": weights.size_bytes,
        "licence": known["licence"],
        "created": known["created"],
        "training_data": known["training_data"],
        "metrics": known["metrics"],
        "card": str(weights.card),
        "backend": backend,
    }


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "models", help="list the networks that are installed", description="Lists the networks that are installed."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Reads the manifests; every network is loaded once, so that a damaged one does not go unnoticed."""
    backend = chosen().module().version()
    for name in installed_names():
        record = model_record(load_model(name).weights, backend)
        if args.json:
            print_line(json_line(record))
            continue
        print_line(shown(f"{record['id']}  {record['size_bytes'] / 1e6:.1f} MB  licence: {record['licence']}"))
        print_line(shown(f"  figures and limits: {record['card']}"))
    if not args.json:
        print_line(f"run by {backend}")
    return 0
