"""Who grades which photos in which order: pure functions, the same for the same seed.

Every ordinary photo goes to as many raters as asked for, evenly; golden and calibration photos go to everybody. Each
rater has an order of their own: calibration first, then ordinary and golden photos mixed, the golden ones spread over
all of it, and some of the rater's ordinary photos once more, unannounced, for the agreement with themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

#: At least so many other photos lie between a photo and its repeat, where a rater's order is long enough.
REPEAT_GAP = 20


@dataclass(frozen=True)
class Slot:
    """One photo in a rater's order.

    Attributes:
        photo: its id.
        kind: ``ordinary``, ``golden``, ``repeat`` or ``calibration``.
    """

    photo: str
    kind: str


@dataclass(frozen=True)
class HeldSlot:
    """A slot that a rater has already.

    Attributes:
        slot: the photo and its kind.
        kept: it was graded or at least shown, so it stays where it is.
    """

    slot: Slot
    kept: bool


def repeat_gap(length: int) -> int:
    """How many other photos lie at least between a photo and its repeat.

    Args:
        length: ordinary and golden photos in a rater's order, repeats not counted.
    """
    return min(REPEAT_GAP, length // 3)


def repeat_count(ordinary: int, share: float) -> int:
    """How many of a rater's ordinary photos come twice, before it is seen whether the gap leaves room for them."""
    return int(ordinary * share + 0.5)


def allocate(
    *,
    ordinary: Sequence[str],
    golden: Sequence[str],
    calibration: Sequence[str],
    raters: Sequence[str],
    per_photo: int | None,
    repeats: float,
    seed: int,
) -> dict[str, tuple[Slot, ...]]:
    """Every rater's order.

    Args:
        ordinary: photos to be graded, by any name that tells them apart.
        golden: photos with a known grade, for every rater, hidden among the ordinary ones.
        calibration: photos with a known grade, for every rater, before the others.
        raters: by any name that tells them apart.
        per_photo: raters of each ordinary photo, from 1; None, or more than there are, for all.
        repeats: share of a rater's ordinary photos that come a second time, from 0 to 0.5.
        seed: the same gives the same orders for the same photos and raters.
    """
    share = _shares(ordinary, {rater: set() for rater in raters}, {}, per_photo, Random(f"{seed}/shares"))
    orders = {}
    for rater in raters:
        rng = Random(f"{seed}/order/{rater}")
        mine = [photo for photo in ordinary if photo in share[rater]]
        first = [Slot(photo, "calibration") for photo in rng.sample(calibration, len(calibration))]
        orders[rater] = (*first, *_with_repeats([], _spread(mine, golden, rng), repeats, rng))
    return orders


def reallocate(
    *,
    ordinary: Sequence[str],
    golden: Sequence[str],
    calibration: Sequence[str],
    raters: Sequence[str],
    held: Mapping[str, Sequence[HeldSlot]],
    per_photo: int | None,
    repeats: float,
    seed: int,
) -> dict[str, tuple[Slot, ...]]:
    """What every rater is still to be shown, after raters came or went.

    What was graded or shown stays. Of the rest, only as much changes hands as is needed: the photos of those who went
    go to others, and somebody new takes over photos until the numbers are even, as far as there are any left.

    Args:
        ordinary: all such photos of the study.
        golden: likewise.
        calibration: likewise.
        raters: who is in the study now.
        held: each rater's order so far, those who went included; of theirs only what is kept counts.
        per_photo: as in :func:`allocate`; a photo that somebody graded who went needs one rater less.
        repeats: as in :func:`allocate`; for somebody new.
        seed: as in :func:`allocate`.

    Returns:
        For each of ``raters`` the slots that follow those kept, in order. A slot that they held and that is not among
        them is no longer theirs.
    """
    rng = Random(f"{seed}/again/{'/'.join(raters)}/{sum(entry.kept for row in held.values() for entry in row)}")
    kept = {rater: [entry.slot for entry in held.get(rater, ()) if entry.kept] for rater in {*held, *raters}}
    done = {rater: _photos(kept[rater], "ordinary") for rater in kept}
    waiting = {rater: [entry.slot for entry in held.get(rater, ()) if not entry.kept] for rater in raters}
    had = {rater: done[rater] | _photos(waiting[rater], "ordinary") for rater in raters}
    gone: dict[str, int] = {}
    for rater in held.keys() - set(raters):
        for photo in done[rater]:
            gone[photo] = gone.get(photo, 0) + 1
    share = _shares(ordinary, had, gone, per_photo, rng)
    _even_out(share, {rater: share[rater] - done[rater] for rater in raters}, ordinary)
    tails = {}
    for rater in raters:
        mine = [photo for photo in ordinary if photo in share[rater]]
        wanted = {"calibration": calibration, "golden": golden, "ordinary": mine}
        tails[rater] = _tail(kept[rater], waiting[rater], wanted, repeats, rng)
    return tails


def _shares(
    ordinary: Sequence[str], had: Mapping[str, set[str]], gone: Mapping[str, int], per_photo: int | None, rng: Random
) -> dict[str, set[str]]:
    """Each rater's ordinary photos: those they had, and each photo that has too few raters to those with the least."""
    share = {rater: set(photos) for rater, photos in had.items()}
    for photo in rng.sample(ordinary, len(ordinary)):
        free = [rater for rater in share if photo not in share[rater]]
        # Chance among equals: raters then meet in ever new company, so that all can be compared with all.
        rng.shuffle(free)
        free.sort(key=lambda rater: len(share[rater]))
        missing = len(free) if per_photo is None else per_photo - (len(share) - len(free)) - gone.get(photo, 0)
        for rater in free[: max(missing, 0)]:
            share[rater].add(photo)
    return share


def _even_out(share: dict[str, set[str]], free: dict[str, set[str]], ordinary: Sequence[str]) -> None:
    """Moves photos that nobody has seen from those who have most to those who have least, while that evens them."""
    place = {photo: number for number, photo in enumerate(ordinary)}
    while True:
        ranked = sorted(share, key=lambda rater: len(share[rater]))
        move = next(
            (
                (giver, taker, min(free[giver] - share[taker], key=place.__getitem__))
                for taker in ranked
                for giver in reversed(ranked)
                if len(share[giver]) - len(share[taker]) > 1 and free[giver] - share[taker]
            ),
            None,
        )
        if move is None:
            return
        giver, taker, photo = move
        for rows in (share, free):
            rows[giver].remove(photo)
            rows[taker].add(photo)


def _photos(slots: Iterable[Slot], kind: str) -> set[str]:
    return {slot.photo for slot in slots if slot.kind == kind}


def _spread(ordinary: Sequence[str], golden: Sequence[str], rng: Random) -> list[Slot]:
    """Ordinary and golden photos mixed. Both kinds are strewn evenly, each photo at a random place of its stretch, so
    that a golden one may stand at any place and none of them crowd."""
    placed = []
    for kind, photos in (("golden", golden), ("ordinary", ordinary)):
        for number, photo in enumerate(rng.sample(photos, len(photos))):
            placed.append(((number + rng.random()) / len(photos), Slot(photo, kind)))
    return [slot for _, slot in sorted(placed, key=lambda one: one[0])]


def _with_repeats(before: Sequence[Slot], order: Sequence[Slot], share: float, rng: Random) -> list[Slot]:
    """The order with repeats of some of its ordinary photos, and of those before it, the gap being kept.

    Args:
        before: what was shown already, calibration left out; repeats among it count.
        order: what follows, without repeats.
        share: as in :func:`allocate`.
        rng: decides which and where.
    """
    whole = [*before, *order]
    gap = repeat_gap(sum(slot.kind != "repeat" for slot in whole))
    twice = _photos(before, "repeat")
    count = repeat_count(len(_photos(whole, "ordinary")), share) - len(twice)
    sources = [
        place
        for place, slot in enumerate(whole[: max(len(whole) - gap, 0)])
        if slot.kind == "ordinary" and slot.photo not in twice
    ]
    put: dict[int, list[Slot]] = {}
    for place in rng.sample(sources, min(max(count, 0), len(sources))):
        # In front of the photo of that number, or behind the last one.
        where = rng.randint(max(place + gap + 1, len(before)), len(whole))
        put.setdefault(where, []).append(Slot(whole[place].photo, "repeat"))
    return [
        slot
        for place in range(len(before), len(whole) + 1)
        for slot in (*put.get(place, ()), *whole[place : place + 1])
    ]


def _tail(
    kept: Sequence[Slot], waiting: Sequence[Slot], wanted: Mapping[str, Sequence[str]], repeats: float, rng: Random
) -> tuple[Slot, ...]:
    """What one rater is still to be shown, given the photos of each kind that they are to have graded in the end."""
    had = {*kept, *waiting}
    missing = {kind: [one for one in photos if Slot(one, kind) not in had] for kind, photos in wanted.items()}
    theirs = {Slot(photo, kind) for kind, photos in wanted.items() for photo in photos}
    still = [slot for slot in waiting if slot.kind == "repeat" or slot in theirs]
    if len(still) == len(waiting) and not any(missing.values()):
        return tuple(waiting)
    first = [slot for slot in still if slot.kind == "calibration"]
    first += [Slot(photo, "calibration") for photo in rng.sample(missing["calibration"], len(missing["calibration"]))]
    body = [slot for slot in still if slot.kind in {"ordinary", "golden"}]
    fresh = _spread(missing["ordinary"], missing["golden"], rng)
    if body:
        for slot in fresh:
            body.insert(rng.randint(0, len(body)), slot)
    else:
        body = fresh
    before = [slot for slot in kept if slot.kind != "calibration"]
    return (*first, *_with_repeats(before, body, repeats, rng))
