"""How far the score of the same skin moves when its photo arrives in another way, over the real photos.

``python -m laboratory.steadiness [--condition NAME] [--sample N] [--json]`` is ``dermagrade measure steadiness`` on a
seeded sample of the acne photos and of the listed clear faces (:mod:`~laboratory.clear_faces`).
"""

from __future__ import annotations

import argparse
import json
import sys

from dermagrade.evaluation.measures.grader import add_grader, grader_of
from dermagrade.evaluation.measures.steadiness import measure, shown
from laboratory.data import add_data
from laboratory.photo_sample import default_photos


def main(arguments: list[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description="How far the score of the same skin moves, over the real photos.")
    add_grader(parser, default="acne")
    add_data(parser)
    parser.add_argument("--sample", type=int, metavar="N", help="photos of each kind (default: 150 acne, 100 clear)")
    parser.add_argument("--seed", type=int, default=0, help="of the sample and the intervals (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.sample is not None and options.sample < 1:
        parser.error("--sample must be 1 or more")
    subjects = default_photos(options.data, sample=options.sample, seed=options.seed)
    record = measure(subjects, grader_of(options), seed=options.seed)
    sys.stdout.write((json.dumps(record) if options.json else shown(record)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
