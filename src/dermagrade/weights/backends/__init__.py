"""The backends that run networks, as one explicit table; ``DERMAGRADE_BACKEND`` chooses one by its name.

A new backend is a file beside this one, with the functions of :class:`~.network.BackendModule`, and a line in
:data:`BACKENDS`. Its file is imported only where it is chosen.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from dermagrade.errors import MissingExtraError, UsageError
from dermagrade.weights.backends.network import BackendModule

#: The environment variable that names the backend.
SETTING = "DERMAGRADE_BACKEND"


@dataclass(frozen=True)
class Backend:
    """One backend.

    Attributes:
        name: as ``DERMAGRADE_BACKEND`` has it; also that of its file here.
        extra: the optional part of the package that brings what it needs; None where the base install does.
    """

    name: str
    extra: str | None = None

    def module(self) -> BackendModule:
        """The backend's module, imported now.

        Raises:
            MissingExtraError: if a package that it needs is not installed.
        """
        try:
            return cast(BackendModule, importlib.import_module(f"{__name__}.{self.name}"))
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] == "dermagrade":
                raise
            wanted = "dermagrade" if self.extra is None else f"dermagrade[{self.extra}]"
            raise MissingExtraError(
                f"The backend {self.name} needs {error.name}, which is not installed; run: pip install '{wanted}'"
            ) from error


#: Every backend by its name, the default first.
BACKENDS: Mapping[str, Backend] = MappingProxyType(
    {
        backend.name: backend
        for backend in (
            Backend("onnxruntime"),
            Backend("openvino", extra="openvino"),
        )
    }
)

#: The name of the backend that runs where none is named.
DEFAULT = next(iter(BACKENDS))


def chosen() -> Backend:
    """The backend that ``DERMAGRADE_BACKEND`` names; the default where the variable is not set or empty.

    Raises:
        UsageError: if there is none of that name.
    """
    name = os.environ.get(SETTING, "") or DEFAULT
    if name not in BACKENDS:
        raise UsageError(f"{SETTING} must be one of {', '.join(BACKENDS)}, not {name}.")
    return BACKENDS[name]
