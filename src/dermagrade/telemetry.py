"""Nothing calls home: the telemetry of the libraries that have one is off before they are imported.

ONNX Runtime, from 1.32 on, writes an identifier of the machine below ``~/.cache/Microsoft`` and looks up a host of its
vendor as soon as it is imported. The hub of pretrained networks counts who asks it for a network. OpenVINO's telemetry
has no switch in the environment; it is kept from being imported.
"""

from __future__ import annotations

import os
import sys

#: Environment variable to the value that switches the telemetry of a library off.
SWITCHES = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def switch_off() -> None:
    """Switches telemetry off in this process and in those that it starts. It must run before the libraries load.

    A switch that somebody has set to a value of their own stays as it is.
    """
    for name, value in SWITCHES.items():
        if not os.environ.get(name):
            os.environ[name] = value


def keep_out(package: str) -> None:
    """Makes a package look as if it were not installed, for this process. It must run before the package is imported.

    OpenVINO does without its telemetry where that is not installed.
    """
    if package not in sys.modules:
        sys.modules[package] = None  # type: ignore[assignment]  # what Python itself takes for "not installed"
