"""A photo leaks where its person or its copy stands in another fold, and the audit tells by how much that flatters."""

import json

import pytest

from dermagrade.evaluation.leakage import audit_leakage, leaked_photos
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.scales import ACNE_HAYASHI
from dermagrade.tables.labels import PhotoLabel
from graded_photos import answer

DRAWS = Draws(rounds=200)


def labels(persons):
    return [PhotoLabel(photo, person, 1) for photo, person in persons.items()]


def test_a_person_in_two_folds_leaks_and_one_in_a_single_fold_does_not():
    people = labels({"a1": "a", "a2": "a", "b1": "b", "b2": "b", "c": "c"})
    found = leaked_photos(people, {"a1": 0, "a2": 1, "b1": 2, "b2": 2, "c": 0})
    assert found == {"same person": {"a1", "a2"}}


def test_copies_across_folds_leak_by_kind_and_unknown_photos_are_passed_over():
    people = labels({"a": "a", "b": "b", "c": "c"})
    pairs = [("a", "b", "flip"), ("a", "c", "near-duplicate"), ("a", "gone", "flip")]
    found = leaked_photos(people, {"a": 0, "b": 1, "c": 0}, pairs)
    assert found == {"same person": set(), "flip": {"a", "b"}, "near-duplicate": set()}


def study():
    """30 persons with 2 photos each; the naive network knows the leaked half by heart and else errs like the other."""
    people, clean, naive = [], [], {}
    for i in range(60):
        photo, person, truth = f"{i}", f"p{i // 2}", i % 4
        apart = i < 30
        people.append(PhotoLabel(photo, person, truth))
        wrong = (truth + 1) % 4 if i % 3 == 0 else truth
        clean.append(answer(photo, wrong, fold=i // 2 % 5))
        naive[photo] = answer(photo, truth if apart else wrong, fold=i % 2 if apart else 0)
    return people, clean, naive


def test_the_gain_of_a_naive_split_shows_where_it_leaks_and_nowhere_else():
    people, clean, naive = study()
    found = audit_leakage(people, clean, naive, scale=ACNE_HAYASHI, draws=DRAWS)
    assert found is not None
    assert found.folds == {"by person": 5, "naive": 2}
    assert found.leaked["by person"]["any kind"] == 0
    assert found.leaked["naive"] == {"same person": 30, "any kind": 30}
    accuracy = {group: pairs["accuracy"] for group, pairs in found.figures.items()}
    everywhere, leaked, rest = accuracy.values()
    assert leaked.first.value == 1
    assert leaked.difference.value == pytest.approx(1 / 3)
    assert leaked.words == "better"
    assert rest.difference.value == 0
    assert everywhere.difference.value == pytest.approx(1 / 6)
    json.dumps(found.record(), allow_nan=False)


def test_a_photo_with_two_reasons_counts_once_and_pairs_apart_are_listed():
    people, clean, naive = study()
    pairs = [("0", "1", "near-duplicate"), ("40", "41", "flip")]
    found = audit_leakage(people, clean, naive, scale=ACNE_HAYASHI, draws=DRAWS, pairs=pairs)
    assert found is not None
    assert found.twins == (("0", "1", "near-duplicate"),)
    assert found.leaked["naive"] == {"same person": 30, "near-duplicate": 2, "flip": 0, "any kind": 30}
    assert "0" not in json.dumps(found.record()["leaked"]["naive"]).split('"')  # no photo is named


def test_files_without_folds_are_told_apart_by_their_acne_network():
    people = labels({"a1": "a", "a2": "a"})
    keys = {"a1": "z@1/x+acne@1/p", "a2": "z@1/x+acne@2/p"}
    naive = {photo: answer(photo, 1, key=key) for photo, key in keys.items()}
    clean = [answer(photo, 1, key=f"z@{i}/x+acne@1/q") for i, photo in enumerate(keys)]
    found = audit_leakage(people, clean, naive, scale=ACNE_HAYASHI, draws=DRAWS)
    assert found is not None
    assert found.folds == {"by person": 1, "naive": 2}
    assert found.leaked["naive"]["any kind"] == 2


def test_without_a_common_photo_there_is_no_audit():
    people = labels({"a": "a"})
    assert audit_leakage(people, [answer("a")], {"b": answer("b")}, scale=ACNE_HAYASHI, draws=DRAWS) is None
