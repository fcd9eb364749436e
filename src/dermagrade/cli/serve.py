"""``dermagrade serve``: the web service, on this machine unless told otherwise."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from dermagrade.cli.output import print_line, shown
from dermagrade.environment import PREFIX
from dermagrade.people.store.store import Store
from dermagrade.service.api.grading import load_networks
from dermagrade.service.server import address_of, listen, serve
from dermagrade.service.settings import Settings, is_loopback, read_settings
from dermagrade.service.signin import first_admin


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "serve",
        help="grade photos in a browser or over HTTP",
        description="Serves a page to try photos on, and the same over HTTP, until Ctrl-C or SIGTERM. Every setting "
        "is also a variable, such as DERMAGRADE_PORT; docs/service.md lists them.",
    )
    parser.add_argument("--host", metavar="ADDRESS", help="where to listen (default: 127.0.0.1, this machine alone)")
    parser.add_argument("--port", metavar="N", help="TCP port; 0 takes a free one (default: 8000)")
    parser.add_argument("--weights", type=Path, metavar="DIR", help="weights of your own, as 'dermagrade train' writes")
    parser.add_argument("--workers", metavar="N", help="processes side by side (default: 1)")
    parser.add_argument("--api-key-file", type=Path, metavar="FILE", help="keys that may use the service, one a line")


def run(args: argparse.Namespace) -> int:
    """Serves; 0 after an orderly end."""
    # Workers are processes of their own, and the networks' loader knows the variable alone: the environment is the one
    # place from which all of them read.
    for name in ("host", "port", "weights", "workers", "api_key_file"):
        value = getattr(args, name)
        if value is not None:
            os.environ[PREFIX + name.upper()] = str(value)
    settings = read_settings()
    models = load_networks()
    wants_admin = _wants_admin(settings)
    sock = listen(settings.host, settings.port)
    with sock:
        keys = "" if settings.keys() else ", without a key"
        address = address_of(sock)
        print_line(shown(f"Dermagrade serves at {address}{keys} ({', '.join(models)}). Ctrl-C ends it."))
        if settings.public_url is None and is_loopback(settings.host):
            os.environ[PREFIX + "PUBLIC_URL"] = address  # so that links hold the port that was taken
        if wants_admin:
            print_line(shown(f"There is no admin yet; make one: {first_admin.make_link(read_settings())}"))
        serve(settings, sock)
    return 0


def _wants_admin(settings: Settings) -> bool:
    """Whether the link for the first admin is to be printed. Makes no database; one that there is must open."""
    store = Store(settings)
    try:
        return first_admin.is_wanted(settings, store)
    finally:
        store.close()
