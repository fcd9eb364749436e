"""A table of ages out of names of the kind ``age_gender_race_...``, as the photos of UTKFace have them.

``python -m laboratory.ages_by_name DIR... > ages.csv`` writes ``photo,age``, which ``dermagrade measure by-age --ages``
reads.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from pathlib import Path

from dermagrade.errors import LabelsError
from dermagrade.photo.read import SUFFIXES


def age_from_name(path: Path) -> float:
    """Age in years by a file name of the kind ``age_gender_race_...``.

    Raises:
        LabelsError: if the name does not start so.
    """
    found = re.match(r"(\d{1,3})_[01]_[0-4]_", path.name)
    if found is None:
        raise LabelsError(f"{path.name} does not start with age_gender_race_; give the ages with --ages CSV.")
    return float(found[1])


def main(arguments: list[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description="A table photo,age out of file names.")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="folder of photos")
    options = parser.parse_args(arguments)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(("photo", "age"))
    for folder in options.folders:
        for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
            out.writerow((path.name, f"{age_from_name(path):g}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
