"""A model's card, written from its manifest, so that it can be written again when figures are added."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dermagrade.errors import OutputError, WeightsError


@dataclass(frozen=True)
class About:
    """What is true of a kind of model whatever its figures.

    Attributes:
        answers: what it answers.
        fails: where it fails, a sentence each.
        people: whose skin it learnt from.
        limits: of its use; those of research weights where None.
    """

    answers: str
    fails: tuple[str, ...]
    people: str
    limits: str | None = None


ABOUT: Mapping[str, About] = {
    "acne": About(
        "Where lesions are, how many a region of a face shows, and the probability of each Hayashi grade "
        "(`acne-hayashi`, 0 to 3). The score on `acne-5` is mapped from the count as `dermagrade.scales` declares; "
        "no photo with a 1-5 label stands behind it.",
        (
            "Moles, freckles, stubble, jewellery and pigmentation can be counted as lesions.",
            "On soft, small or strongly compressed photos lesions are missed.",
            "It was taught on faces that fill the picture; close-ups of a patch of skin are graded less well.",
            "The two annotations that it learnt from differ by a factor of about three in what they count.",
            "The radius of a lesion is not measured.",
        ),
        "Those on the labelled photos; how it does on other skin is not known.",
    ),
    "acne-clean": About(
        "Where lesions are, how many a region of a face shows, and the Hayashi grade (`acne-hayashi`, 0 to 3) that "
        "follows from the count by a fixed rule, which is written into the network and not learnt. The score on "
        "`acne-5` is mapped from the count as `dermagrade.scales` declares.",
        (
            "It has seen no real lesion: what it learnt is simulated, on skin that is drawn but for two portraits.",
            "Moles, freckles, stubble, jewellery, nostrils and shadows can be counted as lesions.",
            "Nodules, cysts, scars and crusts were not painted, so they are missed or miscounted.",
            "The probabilities of the grades come from the fixed rule and are not calibrated.",
            "The radius of a lesion is not measured.",
        ),
        "Drawn skin of all tones, evenly from very light to very dark, and two light-skinned portraits made darker by "
        "code. How it does on real skin is in the figures above, where they were measured, and nowhere else known.",
        "These weights may be used under their licence, commercially too. The zone network that finds the face does "
        "not share it: that one is for research only. It is no medical device: it gives no diagnosis and must not "
        "decide on treatment.",
    ),
    "acne-features-mlp": About(
        "How severe acne is: each of forehead, cheeks and chin is scored by itself, and the mean is the score. Where "
        "the network learnt Hayashi grades, the score on `acne-5` is mapped from them as `dermagrade.scales` declares. "
        "Nothing is counted and no lesion is pointed at.",
        (
            "Every patch was taught with the grade of the whole face, so one bad zone is scored too low and clear ones "
            "beside it too high.",
            "A patch is squeezed into a small square: small lesions vanish.",
            "The nose is not looked at.",
            "The backbone was made for pictures of things, not of skin.",
        ),
        "Those on the labelled photos; nobody else's was seen.",
        "What use is allowed follows from the licences of the labelled photos and of the backbone, which are not known "
        "here. It is no medical device: it gives no diagnosis and must not decide on treatment.",
    ),
    "zones": About(
        "Where faces are and, for one face, which pixels show forehead, nose, cheeks and chin, where six key points "
        "are, how much of each zone is seen, and how the head is turned.",
        (
            "It learnt from a teacher's mesh, and repeats the teacher's errors under hair, hands, beards and glasses.",
            "A face turned by 45 degrees or more in the picture (a photo on its side without the tag that says so) is "
            "read as if it stood upright, so its zones are wrong.",
            "Faces seen from behind or smaller than an eighth of the picture are often missed.",
            "A good drawing or a statue may be taken for a face.",
        ),
        "UTKFace shows people of many origins, SCUT-FBP5500 and ACNE04 mostly East Asian people.",
    ),
}  # fmt: skip

LIMITS = (
    "What use is allowed follows from the licence above. It is no medical device: it gives no diagnosis and "
    "must not decide on treatment."
)


def write_card(network: Path) -> Path:
    """Writes ``NAME.md`` beside ``NAME.onnx`` from ``NAME.json``; returns its path.

    Raises:
        WeightsError: if the manifest is missing or damaged.
        OutputError: if the card cannot be written.
    """
    path = network.with_suffix(".json")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"The manifest {path} is missing or damaged; export the weights again.") from error
    card = network.with_suffix(".md")
    try:
        card.write_text(card_text(network.stem, manifest), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{card} cannot be written: {error.strerror}.") from error
    return card


def card_text(name: str, manifest: Mapping[str, Any]) -> str:
    """The card as Markdown.

    ``metrics`` may be nested at will. Each entry at the top becomes a table; below it, a value or an object with the
    key ``model`` is one line, and what else such an object holds (``expert``, ``interval``) stands beside it.
    """
    # A recipe whose networks differ in kind has a text of its own.
    recipe = (manifest.get("recipe") or {}).get("name")
    about = ABOUT.get(f"{name}-{recipe}", ABOUT.get(name))
    metrics = manifest.get("metrics") or {}
    parts = [f"# {manifest['version']}"]
    if about is not None:
        parts += ["## What it answers", about.answers, "## Whose skin", manifest.get("people", about.people)]
    parts += [
        "## What it was trained on",
        "\n".join(f"- {line}" for line in manifest["training_data"]),
        f"Licence of the weights: {manifest['licence']}.",
        "## How well it does",
        metric_tables(metrics) if metrics else "Not measured yet.",
    ]
    if manifest.get("tried"):
        parts += ["## What was tried", manifest["tried"]["note"], _tried(manifest["tried"]["rows"])]
    if about is not None:
        parts += ["## Where it fails", "\n".join(f"- {line}" for line in about.fails)]
    limits = LIMITS if about is None or about.limits is None else about.limits
    parts += ["## Limits of use", limits, "## How it was made"]
    parts.append(f"Made on {manifest['created']} with seed {manifest.get('seed', 'unknown')} by:")
    parts.append(f"```\n{manifest.get('command') or 'unknown'}\n```")
    parts.append(f"SHA-256 of the network: `{manifest['sha256']}`")
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
