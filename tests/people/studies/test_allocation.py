"""Who grades what in which order, for any study: properties that hold for every seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dermagrade.people.studies.allocation import HeldSlot, Slot, allocate, reallocate, repeat_count, repeat_gap

#: How long an example takes is no claim of these tests.
UNTIMED = settings(deadline=None, max_examples=60)

Orders = dict[str, tuple[Slot, ...]]


@dataclass(frozen=True)
class Plan:
    """A study to be allocated."""

    ordinary: list[str]
    golden: list[str]
    calibration: list[str]
    raters: list[str]
    per_photo: int | None
    repeats: float
    seed: int

    def orders(self) -> Orders:
        return allocate(**vars(self))

    @property
    def wanted(self) -> int:
        """Raters that an ordinary photo is to have."""
        return len(self.raters) if self.per_photo is None else min(self.per_photo, len(self.raters))


@st.composite
def plans(draw: st.DrawFn, fewest_raters: int = 1) -> Plan:
    return Plan(
        ordinary=[f"o{n}" for n in range(draw(st.integers(0, 60)))],
        golden=[f"g{n}" for n in range(draw(st.integers(0, 12)))],
        calibration=[f"c{n}" for n in range(draw(st.integers(0, 4)))],
        raters=[f"R{n:02d}" for n in range(1, 1 + draw(st.integers(fewest_raters, 9)))],
        per_photo=draw(st.none() | st.integers(1, 10)),
        repeats=draw(st.floats(0, 0.5)),
        seed=draw(st.integers(0, 2**31 - 1)),
    )


def of_kind(order: tuple[Slot, ...], kind: str) -> list[str]:
    return [slot.photo for slot in order if slot.kind == kind]


def loads(orders: Orders) -> list[int]:
    return [len(of_kind(order, "ordinary")) for order in orders.values()]


def check_repeats(order: tuple[Slot, ...], gap: int) -> None:
    """Repeats are of the rater's own ordinary photos, once each, and the gap lies between the two."""
    repeated = of_kind(order, "repeat")
    assert len(set(repeated)) == len(repeated)
    for photo in repeated:
        first, second = order.index(Slot(photo, "ordinary")), order.index(Slot(photo, "repeat"))
        assert second - first - 1 >= gap


@UNTIMED
@given(plans())
def test_every_ordinary_photo_has_as_many_raters_as_asked_for(plan: Plan) -> None:
    seen = Counter(photo for order in plan.orders().values() for photo in of_kind(order, "ordinary"))
    assert seen == dict.fromkeys(plan.ordinary, plan.wanted)


@UNTIMED
@given(plans())
def test_no_rater_gets_a_photo_twice_but_as_a_repeat(plan: Plan) -> None:
    for order in plan.orders().values():
        assert len(set(order)) == len(order)


@UNTIMED
@given(plans())
def test_raters_have_equally_much_to_do_give_or_take_one_photo(plan: Plan) -> None:
    counts = loads(plan.orders())
    assert max(counts) - min(counts) <= 1


@UNTIMED
@given(plans())
def test_every_rater_gets_all_golden_photos_and_begins_with_all_of_calibration(plan: Plan) -> None:
    for order in plan.orders().values():
        assert sorted(of_kind(order, "golden")) == sorted(plan.golden)
        first = len(plan.calibration)
        assert sorted(of_kind(order[:first], "calibration")) == sorted(plan.calibration)
        assert not of_kind(order[first:], "calibration")


@UNTIMED
@given(plans())
def test_a_repeat_is_of_a_photo_that_the_rater_graded_long_before(plan: Plan) -> None:
    for order in plan.orders().values():
        check_repeats(order, repeat_gap(len(of_kind(order, "ordinary")) + len(plan.golden)))


@UNTIMED
@given(plans())
def test_as_many_repeats_come_as_asked_for_where_there_is_room(plan: Plan) -> None:
    for order in plan.orders().values():
        asked = repeat_count(len(of_kind(order, "ordinary")), plan.repeats)
        body = len(of_kind(order, "ordinary")) + len(plan.golden)
        # Even if all golden photos came first, so many ordinary ones would have room for a repeat behind them.
        room = len(of_kind(order, "ordinary")) - repeat_gap(body)
        assert min(asked, max(room, 0)) <= len(of_kind(order, "repeat")) <= asked


@UNTIMED
@given(plans())
def test_the_same_seed_gives_the_same_orders(plan: Plan) -> None:
    assert plan.orders() == plan.orders()


def test_another_seed_and_another_rater_give_another_order() -> None:
    def orders(seed: int) -> Orders:
        photos = [f"o{n}" for n in range(30)]
        return allocate(
            ordinary=photos, golden=[], calibration=[], raters=["R01", "R02"], per_photo=None, repeats=0, seed=seed
        )

    assert orders(1)["R01"] != orders(1)["R02"]
    assert orders(1)["R01"] != orders(2)["R01"]


def test_golden_photos_are_in_every_part_of_the_order() -> None:
    for seed in range(20):
        order = allocate(
            ordinary=[f"o{n}" for n in range(90)],
            golden=[f"g{n}" for n in range(10)],
            calibration=[],
            raters=["R01"],
            per_photo=None,
            repeats=0.1,
            seed=seed,
        )["R01"]
        quarter = len(order) // 4
        for start in range(0, 4 * quarter, quarter):
            assert 1 <= len(of_kind(order[start : start + quarter], "golden")) <= 5


def test_a_place_in_the_order_does_not_tell_what_stands_there() -> None:
    golden_at: Counter[int] = Counter()
    raters = [f"R{n:04d}" for n in range(2000)]
    orders = allocate(
        ordinary=[f"o{n}" for n in range(20)],
        golden=[f"g{n}" for n in range(5)],
        calibration=[],
        raters=raters,
        per_photo=None,
        repeats=0,
        seed=7,
    )
    for order in orders.values():
        golden_at.update(place for place, slot in enumerate(order) if slot.kind == "golden")
    # A fifth of the photos is golden. Whoever guessed the place where that is likeliest would be right less than
    # twice as often as by chance.
    shares = [golden_at[place] / len(raters) for place in range(25)]
    assert min(shares) > 0.1
    assert max(shares) < 0.4


def test_two_raters_a_photo_bring_all_raters_together() -> None:
    orders = allocate(
        ordinary=[f"o{n}" for n in range(60)],
        golden=[],
        calibration=[],
        raters=[f"R{n:02d}" for n in range(6)],
        per_photo=2,
        repeats=0,
        seed=3,
    )
    # The raters of a chain of common photos can be compared with each other.
    joined = {"R00"}
    for _ in orders:
        photos = {photo for rater in joined for photo in of_kind(orders[rater], "ordinary")}
        joined |= {rater for rater, order in orders.items() if photos & set(of_kind(order, "ordinary"))}
    assert joined == set(orders)


@dataclass(frozen=True)
class Change:
    """A study under way, in which raters came and went."""

    plan: Plan
    held: dict[str, list[HeldSlot]]
    raters: list[str]
    tails: Orders

    def kept(self, rater: str) -> tuple[Slot, ...]:
        return tuple(entry.slot for entry in self.held.get(rater, []) if entry.kept)

    def whole(self, rater: str) -> tuple[Slot, ...]:
        """All that the rater has in the end."""
        return self.kept(rater) + self.tails[rater]

    @property
    def gone(self) -> set[str]:
        return set(self.held) - set(self.raters)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    plan = draw(plans(fewest_raters=2))
    held = {}
    for rater, order in plan.orders().items():
        done = draw(st.integers(0, len(order)))
        held[rater] = [HeldSlot(slot, number < done) for number, slot in enumerate(order)]
    staying = draw(st.sets(st.sampled_from(plan.raters), min_size=1))
    new = [f"R{20 + n}" for n in range(draw(st.integers(0, 2)))]
    raters = [rater for rater in plan.raters if rater in staying] + new
    for rater in set(plan.raters) - staying:
        held[rater] = [entry for entry in held[rater] if entry.kept]
    settings_of_plan = {name: value for name, value in vars(plan).items() if name != "raters"}
    return Change(plan, held, raters, reallocate(raters=raters, held=held, **settings_of_plan))


@UNTIMED
@given(changes())
def test_what_was_shown_stays_and_does_not_come_again(change: Change) -> None:
    assert list(change.tails) == change.raters
    for rater in change.raters:
        whole = change.whole(rater)
        assert len(set(whole)) == len(whole)


@UNTIMED
@given(changes())
def test_after_a_change_every_photo_still_finds_its_raters(change: Change) -> None:
    for photo in change.plan.ordinary:
        slot = Slot(photo, "ordinary")
        now = sum(slot in change.whole(rater) for rater in change.raters)
        before = sum(slot in change.kept(rater) for rater in change.gone)
        wanted = len(change.raters) if change.plan.per_photo is None else change.plan.per_photo - before
        shown = sum(slot in change.kept(rater) for rater in change.raters)
        assert now == max(min(wanted, len(change.raters)), shown)


@UNTIMED
@given(changes())
def test_after_a_change_every_rater_still_has_all_golden_photos_and_calibration_first(change: Change) -> None:
    for rater in change.raters:
        assert sorted(of_kind(change.whole(rater), "golden")) == sorted(change.plan.golden)
        assert sorted(of_kind(change.whole(rater), "calibration")) == sorted(change.plan.calibration)
        kinds = [slot.kind == "calibration" for slot in change.tails[rater]]
        assert kinds == sorted(kinds, reverse=True)


@UNTIMED
@given(changes())
def test_after_a_change_repeats_still_follow_their_photos_at_a_distance(change: Change) -> None:
    for rater in change.raters:
        body = [slot for slot in change.whole(rater) if slot.kind in {"ordinary", "golden"}]
        was = [entry.slot for entry in change.held.get(rater, []) if entry.slot.kind in {"ordinary", "golden"}]
        # Repeats that were shown before the change were placed by the gap of that time.
        check_repeats(change.whole(rater), min(repeat_gap(len(body)), repeat_gap(len(was) or len(body))))


@UNTIMED
@given(changes())
def test_after_a_change_no_photo_could_be_moved_to_make_the_work_more_even(change: Change) -> None:
    ordinary = {rater: set(of_kind(change.whole(rater), "ordinary")) for rater in change.raters}
    for giver in change.raters:
        movable = ordinary[giver] - set(of_kind(change.kept(giver), "ordinary"))
        for taker in change.raters:
            if len(ordinary[giver]) - len(ordinary[taker]) > 1:
                assert movable <= ordinary[taker]


@UNTIMED
@given(plans())
def test_where_nothing_changed_nothing_moves(plan: Plan) -> None:
    orders = plan.orders()
    held = {rater: [HeldSlot(slot, number < 3) for number, slot in enumerate(order)] for rater, order in orders.items()}
    tails = reallocate(held=held, **vars(plan))
    assert tails == {rater: order[3:] for rater, order in orders.items()}


def test_a_newcomer_to_a_study_half_done_takes_a_fair_share_from_the_others() -> None:
    plan = Plan([f"o{n}" for n in range(100)], [f"g{n}" for n in range(5)], [], ["R01", "R02", "R03"], 2, 0.1, 11)
    held = {
        rater: [HeldSlot(slot, number < 20) for number, slot in enumerate(order)]
        for rater, order in plan.orders().items()
    }
    rest = {name: value for name, value in vars(plan).items() if name != "raters"}
    tails = reallocate(raters=[*plan.raters, "R04"], held=held, **rest)
    assert len(of_kind(tails["R04"], "ordinary")) == 50
    assert len(of_kind(tails["R04"], "repeat")) == 5


@pytest.mark.parametrize(("length", "gap"), [(0, 0), (9, 3), (60, 20), (1000, 20)])
def test_the_gap_grows_with_the_order_up_to_its_full_size(length: int, gap: int) -> None:
    assert repeat_gap(length) == gap
