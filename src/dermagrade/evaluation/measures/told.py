"""How a measuring script ends when a call or its input is wrong: with one sentence, not with a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable

from dermagrade.errors import DermagradeError, UsageError


def told(main: Callable[[], int]) -> int:
    """Runs a script and turns an error that its caller can act on into its sentence on stderr.

    Args:
        main: the script.

    Returns:
        Exit status: that of the script; 2 where the call was wrong, 1 for any other such error.
    """
    try:
        return main()
    except DermagradeError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, UsageError) else 1
