"""What pyproject.toml promises about Python's versions and dependencies, and what docs/dependencies.md says of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
PAGE = (REPOSITORY / "docs" / "dependencies.md").read_text()

#: Every dependency, of the base install and of all extras.
DECLARED = [
    Requirement(line)
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
]

#: The first release of a package that has a wheel for CPython 3.14, by the table on the page.
FIRST_FOR_314 = dict(re.findall(r"^\| ([\w-]+) \| ([\d.]+) \|$", PAGE, flags=re.MULTILINE))


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14", "3.15", "3.20"])
def test_no_python_from_311_on_is_refused(version: str) -> None:
    assert version in SpecifierSet(PROJECT["requires-python"])


def test_every_python_that_wheels_were_found_for_is_named() -> None:
    named = {
        c.rpartition(" ")[2] for c in PROJECT["classifiers"] if c.startswith("Programming Language :: Python :: 3.")
    }
    assert named == {"3.11", "3.12", "3.13", "3.14"}


@pytest.mark.parametrize(("minor", "accepted"), [(10, False), (11, True), (13, True), (14, True), (15, True)])
def test_make_asks_for_the_same_python(minor: int, accepted: bool) -> None:
    found = re.search(r"^SUPPORTED := import sys; (.+)$", (REPOSITORY / "Makefile").read_text(), flags=re.MULTILINE)
    assert found is not None

    class Sys:
        version_info = (3, minor, 0, "final", 0)
        exit = staticmethod(bool)

    refused = eval(found[1], {"sys": Sys})
    assert refused is not accepted


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_a_dependency_has_a_lower_bound_and_no_upper_one(requirement: Requirement) -> None:
    assert [bound.operator for bound in requirement.specifier] == [">="]


@pytest.mark.parametrize("requirement", DECLARED, ids=str)
def test_a_dependency_is_told_of(requirement: Requirement) -> None:
    rows = {
        name.strip() for first in re.findall(r"^\| ([^|]+) \|", PAGE, flags=re.MULTILINE) for name in first.split(",")
    }
    assert requirement.name in rows


@pytest.mark.parametrize("package", FIRST_FOR_314)
def test_no_lower_bound_lies_below_the_first_wheel_for_python_314(package: str) -> None:
    floors = [Version(bound.version) for r in DECLARED if r.name == package for bound in r.specifier]
    assert floors
    assert all(floor >= Version(FIRST_FOR_314[package]) for floor in floors)
