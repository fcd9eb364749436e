"""The package's own source as tests read it: its modules, what they import, and what they define."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SRC = REPOSITORY / "src"
PACKAGE = SRC / "dermagrade"
MODULES = sorted(PACKAGE.rglob("*.py"))


@dataclass(frozen=True)
class Import:
    """One import statement: the module it names in full, and whether importing the file runs it."""

    name: str
    line: int
    on_load: bool


def name_of(path: Path) -> str:
    """How a test calls a file: its path below ``src``."""
    return path.relative_to(SRC).as_posix()


def dotted(path: Path) -> str:
    """How Python calls a file of the package."""
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def is_type_checking(node: ast.AST) -> bool:
    """True for ``if TYPE_CHECKING:``, whose body never runs."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def imports(tree: ast.AST, package: str, on_load: bool = True) -> Iterator[Import]:
    """All imports in a file of ``package``, those inside functions and type checking blocks included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, on_load)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(f"{module}.{alias.name}", node.lineno, on_load)
        else:
            runs = on_load and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            if is_type_checking(node):
                assert isinstance(node, ast.If)
                for child, child_runs in ((node.body, False), (node.orelse, runs)):
                    yield from imports(ast.Module(child, []), package, child_runs)
            else:
                yield from imports(node, package, runs)


def imports_of(path: Path) -> list[Import]:
    """All imports in one file of the package."""
    package = ".".join(path.relative_to(SRC).parent.parts)
    return list(imports(ast.parse(path.read_text("utf-8")), package))
