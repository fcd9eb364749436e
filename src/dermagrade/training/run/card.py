"""A model's card, written from its manifest, so that it can be written again when figures are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dermagrade.conditions import CONDITIONS
from dermagrade.errors import OutputError
from dermagrade.grading.recipe import About
from dermagrade.weights.manifest import Manifest, write_manifest

#: What the card of the zone network says; no condition's folder holds it.
ZONES = About(
    "Where faces are and, for one face, which pixels show forehead, nose, cheeks and chin, where six key points "
    "are, how much of each zone is seen, and how the head is turned.",
    (
        "It learnt from a teacher's mesh, and repeats the teacher's errors under hair, hands, beards and glasses.",
        "A face turned by 45 degrees or more in the picture (a photo on its side without the tag that says so) is "
        "read as if it stood upright, so its zones are wrong.",
        "Faces seen from behind or smaller than an eighth of the picture are often missed.",
        "A good drawing or a statue may be taken for a face.",
    ),
    "Those on the photos that it learnt from; how it does on other people is not known.",
)

LIMITS = (
    "What use is allowed follows from the licence above. It is no medical device: it gives no diagnosis and "
    "must not decide on treatment."
)


def describe(network: Path, manifest: Manifest) -> Path:
    """Writes ``NAME.json`` and the card ``NAME.md`` beside ``NAME.onnx``; returns the path of the card.

    Args:
        network: the ``.onnx`` file.
        manifest: what is known of it.

    Raises:
        OutputError: if they cannot be written.
    """
    write_manifest(network, manifest)
    card = network.with_suffix(".md")
    try:
        card.write_text(card_text(network.stem, manifest), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{card} cannot be written: {error.strerror}.") from error
    return card


def about_of(name: str, manifest: Manifest) -> About | None:
    """What is true of this kind of model whatever its figures: by the condition and the recipe in the manifest.

    A manifest of earlier versions names no condition: there the name of its file does. One that names no recipe of the
    condition is taken for its default.

    Args:
        name: of the file, without its suffix.
        manifest: of the weights.

    Returns:
        None where the weights belong to no condition that is known.
    """
    of_file = next((condition.name for condition in CONDITIONS.values() if condition.weights == name), name)
    condition = CONDITIONS.get(manifest.condition or of_file)
    if condition is None:
        return ZONES if name == "zones" else None
    recipes = condition.recipes
    named = str(manifest.recipe.get("name"))
    recipe = recipes.get(named) or next(iter(recipes.values()), None)
    return None if recipe is None else recipe.about


def card_text(name: str, manifest: Manifest) -> str:
    """The card as Markdown.

    ``metrics`` may be nested at will. Each entry at the top becomes a table; below it, a value or an object with the
    key ``model`` is one line, and what else such an object holds (``expert``, ``interval``) stands beside it.
    """
    about = about_of(name, manifest)
    parts = [f"# {manifest.version}"]
    if about is not None:
        parts += ["## What it answers", about.answers, "## Whose skin", manifest.people or about.people]
    parts += [
        "## What it was trained on",
        "\n".join(f"- {line}" for line in manifest.training_data),
        f"Licence of the weights: {manifest.licence}.",
        "## How well it does",
        metric_tables(manifest.metrics) if manifest.metrics else "Not measured yet.",
    ]
    if manifest.tried:
        parts += ["## What was tried", manifest.tried["note"], _tried(manifest.tried["rows"])]
    if about is not None:
        parts += ["## Where it fails", "\n".join(f"- {line}" for line in about.fails)]
    limits = LIMITS if about is None or about.limits is None else about.limits
    parts += ["## Limits of use", limits, "## How it was made"]
    seed = "unknown" if manifest.seed is None else manifest.seed
    parts.append(f"Made on {manifest.created} with seed {seed} by:")
    parts.append(f"```\n{manifest.command or 'unknown'}\n```")
    parts.append(f"SHA-256 of the network: `{manifest.sha256}`")
    return "\n\n".join(parts) + "\n"


def metric_tables(metrics: Mapping[str, Any]) -> str:
    """Nested figures as Markdown tables; see :func:`card_text`."""
    loose = {key: value for key, value in metrics.items() if not isinstance(value, Mapping) or "model" in value}
    groups = [("", loose)] if loose else []
    groups += [(key, value) for key, value in metrics.items() if key not in loose]
    blocks = []
    for title, group in groups:
        rows = list(_rows(group, ()))
        columns = list(dict.fromkeys(key for _, row in rows for key in row))
        lines = [f"| | {' | '.join(map(_words, columns))} |", "|---" * (1 + len(columns)) + "|"]
        for path, row in rows:
            cells = [_shown(row[c]) if c in row else "" for c in columns]
            lines.append(f"| {', '.join(map(_words, path))} | {' | '.join(cells)} |")
        blocks.append((f"### {_words(title)}\n\n" if title else "") + "\n".join(lines))
    return "\n\n".join(blocks)


def _tried(rows: Sequence[Mapping[str, str]]) -> str:
    """Ideas and what each gave, as a Markdown table; the columns are those of the first row."""
    columns = list(rows[0])
    lines = [f"| {' | '.join(map(_words, columns))} |", "|---" * len(columns) + "|"]
    return "\n".join(lines + [f"| {' | '.join(_shown(row[c]) for c in columns)} |" for row in rows])


def _rows(group: Mapping[str, Any], path: tuple[str, ...]) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    rows: list[tuple[tuple[str, ...], dict[str, Any]]] = []
    for key, value in group.items():
        own = (*path, str(key))
        if not isinstance(value, Mapping):
            rows.append((own, {"model": value}))
        elif "model" in value:
            rows.append((own, dict(value)))
        else:
            rows += _rows(value, own)
    return rows


def _words(key: str) -> str:
    return key.replace("_", " ").replace("|", "/")


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{_words(str(key))} {_shown(v)}" for key, v in value.items())
    if isinstance(value, list | tuple):
        numbers = len(value) == 2 and all(isinstance(v, int | float) for v in value)
        return (" to " if numbers else ", ").join(map(_shown, value))
    return str(value).replace("|", "/").replace("\n", " ")
