"""What keeps two names of one photo apart: capital letters, a folder, a suffix, blanks, zeros, a character's form."""

from __future__ import annotations

import ntpath
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

#: Names without a match that are looked at; the cause of the first ones is that of most.
_LOOKED_AT = 200
#: Causes that a report names.
_CAUSES = 3


def _folder(name: str) -> str:
    return ntpath.basename(name)  # takes both kinds of slashes


def _suffix(name: str) -> str:
    return re.sub(r"\.[a-zA-Z]\w{1,9}$", "", name)


def _zeros(name: str) -> str:
    return re.sub(r"(?<!\d)0+(?=\d)", "", name)


def _slashes(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./")


def _blanks(name: str) -> str:
    return "".join(c for c in name if not c.isspace() and unicodedata.category(c) != "Cf")


def _characters(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


#: The difference that a suffix makes.
SUFFIX = "the suffix"

#: Difference, in words, to what a name is without it. What is taken away first is in nobody's way later on.
_WITHOUT: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "the Unicode form of a character": _characters,
        "blanks": _blanks,
        "upper and lower case": str.casefold,
        "the kind of slash": _slashes,
        "the folder before the name": _folder,
        SUFFIX: _suffix,
        "zeros before a number": _zeros,
    }
)
#: Every set of differences, the small ones first.
_SETS = tuple(kinds for size in range(1, len(_WITHOUT) + 1) for kinds in combinations(_WITHOUT, size))


@dataclass(frozen=True)
class Likeness:
    """Names that differ from one on the other side in nothing but this.

    Attributes:
        name: the first of them.
        like: its like on the other side.
        count: how many there are.
        kinds: in what they differ.
    """

    name: str
    like: str
    count: int
    kinds: tuple[str, ...]

    def words(self) -> str:
        """A clause such as ``P05.JPG is like p05.jpg but for upper and lower case``."""
        kinds = " and ".join((", ".join(self.kinds[:-1]), self.kinds[-1])) if len(self.kinds) > 1 else self.kinds[0]
        return f"{self.name} is like {self.like} but for {kinds}"


def likenesses(names: Sequence[str], others: Iterable[str]) -> tuple[Likeness, ...]:
    """What keeps names apart from those of the other side, the most frequent first.

    Each name counts with the fewest differences that make it equal to another one. Names that are like none do not
    count.

    Args:
        names: without a match.
        others: of the other side.
    """
    left = list(names[:_LOOKED_AT])
    there = list(others)
    alike = _by_key(there, _SETS[-1])
    left = [name for name in left if _without(name, _SETS[-1]) in alike]
    # Only these can be like one of them with fewer differences.
    keys = {_without(name, _SETS[-1]) for name in left}
    there = [other for other in there if _without(other, _SETS[-1]) in keys]
    counts: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    for kinds in _SETS:
        by_key = _by_key(there, kinds)
        rest = []
        for name in left:
            like = by_key.get(_without(name, kinds))
            if like is None:
                rest.append(name)
                continue
            counts[kinds] += 1
            first.setdefault(kinds, (name, like))
        left = rest
        if not left:
            break
    return tuple(Likeness(*first[kinds], count, kinds) for kinds, count in counts.most_common(_CAUSES))


def _by_key(names: Sequence[str], kinds: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(_without(name, kinds), name)
    return found


def _without(name: str, kinds: Iterable[str]) -> str:
    key = unicodedata.normalize("NFC", name)
    for kind in kinds:
        key = _WITHOUT[kind](key)
    return key
