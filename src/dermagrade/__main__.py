"""Runs the command line as ``python -m dermagrade``."""

import sys

from dermagrade.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
