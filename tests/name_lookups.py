"""Counts the look-ups of host names that a process and its children make, whatever language asks for them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

#: Notes the name in a file and goes on as the C library would.
_SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

static void note(const char *name) {
    const char *path = getenv("NAME_LOOKUPS");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (file) { fprintf(file, "%s\n", name ? name : "(no name)"); fclose(file); }
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    *(void **)(&next) = dlsym(RTLD_NEXT, "getaddrinfo");
    /* An address in digits, or none, is no look-up. */
    if (name && !(hints && (hints->ai_flags & AI_NUMERICHOST))) note(name);
    return next(name, service, hints, found);
}

struct hostent *gethostbyname(const char *name) {
    struct hostent *(*next)(const char *) = dlsym(RTLD_NEXT, "gethostbyname");
    note(name);
    return next(name);
}
"""


class NameLookups:
    """A library to be loaded before all others, and the file in which it notes every name that is looked up."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("needs a C compiler (cc) to count look-ups of host names")
        source, self.library = folder / "lookups.c", folder / "lookups.so"
        source.write_text(_SHIM)
        subprocess.run([compiler, "-shared", "-fPIC", "-o", self.library, source, "-ldl"], check=True)

    def environment(self, notes: Path) -> dict[str, str]:
        """What a process needs so that its look-ups stand in ``notes``."""
        return {"LD_PRELOAD": str(self.library), "NAME_LOOKUPS": str(notes)}


def names(notes: Path) -> list[str]:
    """The names that were looked up, in order, but for the machine's own."""
    found = notes.read_text().splitlines() if notes.exists() else []
    return [name for name in found if name not in ("127.0.0.1", "::1", "localhost")]
