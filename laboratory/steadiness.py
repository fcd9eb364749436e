"""How far the score of the same skin moves when its photo arrives in another way, over the real photos.

``python -m laboratory.steadiness [--condition NAME] [--sample N] [--json]`` is ``dermagrade measure steadiness`` on a
seeded sample of the acne photos and of the listed clear faces (:mod:`~laboratory.clear_faces`).
"""

from __future__ import annotations

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from tqdm import tqdm

from dermagrade.evaluation.measures.grader import make_grader
from dermagrade.evaluation.measures.photo_sample import read_each
from dermagrade.evaluation.measures.steadiness import measure
from laboratory.data import add_data
from laboratory.photo_sample import default_photos


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="How far the score of the same skin moves, over the real photos.")
    parser.add_argument("--condition", default="acne", metavar="NAME", help="default: %(default)s")
    parser.add_argument("--model", type=Path, help="its network, or a folder with it (default: the shipped one)")
    parser.add_argument("--zones", type=Path, help="zone network, or a folder with it (default: the shipped one)")
    add_data(parser)
    parser.add_argument("--sample", type=int, metavar="N", help="photos of each kind (default: 150 acne, 100 clear)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample and the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample must be 1 or more")
    subjects = default_photos(options.data, sample=options.sample, seed=options.seed)
    grader = make_grader(options.condition, model=options.model, zones=options.zones)
    read = partial(read_each, progress=partial(tqdm, unit="photo", disable=None))  # the bar stands on a terminal only
    found = measure(subjects, grader, seed=options.seed, read=read)
    sys.stdout.write((json.dumps(found.records[0]) if options.json else found.text) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
