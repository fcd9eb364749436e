"""``dermagrade models``: lists the networks that are installed."""

from __future__ import annotations

import argparse
from typing import Any

from dermagrade.cli.output import json_line, print_line, shown
from dermagrade.weights import runtime


def model_record(weights: runtime.Weights) -> dict[str, Any]:
    """What the command says of one network."""
    return {
        "name": weights.name,
        "id": weights.id,
        "size_bytes": weights.size_bytes,
        "licence": weights.manifest["licence"],
        "created": weights.manifest["created"],
        "training_data": weights.manifest["training_data"],
        "metrics": weights.manifest["metrics"],
        "card": str(weights.card),
    }


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "models", help="list the networks that are installed", description="Lists the networks that are installed."
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Reads the manifests; every network is loaded once, so that a damaged one does not go unnoticed."""
    for name in runtime.shipped():
        record = model_record(runtime.load(name).weights)
        if args.json:
            print_line(json_line(record))
            continue
        print_line(shown(f"{record['id']}  {record['size_bytes'] / 1e6:.1f} MB  licence: {record['licence']}"))
        print_line(shown(f"  figures and limits: {record['card']}"))
    return 0
