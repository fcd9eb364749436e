"""A card finds what it says of a kind of model through the conditions' table."""

from __future__ import annotations

import pytest

from dermagrade.conditions import CONDITIONS, Condition
from dermagrade.training.run.card import ZONES, about_of, card_text
from dermagrade.weights.manifest import read_manifest
from dermagrade.weights.store import SHIPPED
from plain_manifest import plain_manifest

ACNE = CONDITIONS["acne"]


def test_the_shipped_acne_card_is_what_its_manifest_gives() -> None:
    assert card_text("acne", read_manifest(SHIPPED / "acne.onnx")) == (SHIPPED / "acne.md").read_text("utf-8")


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=list(CONDITIONS))
def test_every_recipe_of_every_condition_has_its_own_words_in_the_card(condition: Condition) -> None:
    for name, recipe in condition.recipes.items():
        text = card_text("mine", plain_manifest(condition=condition.name, recipe={"name": name}))
        assert recipe.about.answers in text
        assert all(f"- {line}" in text for line in recipe.about.fails)
        assert recipe.about.limits is None or recipe.about.limits in text


def test_a_manifest_that_names_no_condition_is_known_by_its_file() -> None:
    assert about_of("acne", plain_manifest(recipe={"name": "clean"})) is ACNE.recipes["clean"].about
    assert about_of("zones", plain_manifest(recipe={"name": "default"})) is ZONES


def test_a_recipe_that_the_table_lacks_is_taken_for_the_default() -> None:
    default = next(iter(ACNE.recipes.values())).about
    assert about_of("acne", plain_manifest()) is default
    assert about_of("any", plain_manifest(condition="acne", recipe={"name": "of earlier days"})) is default


def test_weights_of_no_known_condition_have_a_card_without_these_words() -> None:
    assert about_of("moles", plain_manifest()) is None
    assert about_of("acne", plain_manifest(condition="moles")) is None
    assert "## Where it fails" not in card_text("moles", plain_manifest())


def test_people_named_in_the_manifest_stand_instead_of_the_recipes() -> None:
    assert "## Whose skin\n\nDrawn faces." in card_text("acne", plain_manifest(people="Drawn faces."))
