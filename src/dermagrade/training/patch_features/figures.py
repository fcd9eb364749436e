"""How well patch scores grade people whom the network never saw: by their mean, and by their maximum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dermagrade.evaluation.statistics.agreement import accuracy, mae, pearson, rmse
from dermagrade.evaluation.statistics.bootstrap import bootstrap_by_person
from dermagrade.scales import Scale

#: Name of the figures in a card, and their statistic.
_OF_SCORE = {"RMSE": rmse, "mean absolute error": mae, "correlation": pearson}


@dataclass(frozen=True)
class PatchAnswer:
    """What the network of its fold says of one labelled photo.

    Attributes:
        photo: its name.
        subject: the person.
        fold: the fold, which that network did not see.
        grade: the label.
        score: mean of the patches, on the labels' scale; None where no patch is visible.
        patch_maximum: the largest of them.
        patches: the score of each zone that is visible.
    """

    photo: str
    subject: str
    fold: int
    grade: float
    score: float | None
    patch_maximum: float | None
    patches: dict[str, float]

    def record(self) -> dict[str, Any]:
        """As it stands in ``by_photo.jsonl``."""
        return asdict(self)


def patch_record(answers: Sequence[PatchAnswer], scale: Scale) -> dict[str, Any]:
    """Figures of the mean and of the maximum of the patches, each with its interval over persons.

    ``accuracy`` is the share of photos whose score falls in the level that the label falls in.
    """
    answered = [a for a in answers if a.score is not None]
    groups = [a.subject for a in answered]
    truth = [a.grade for a in answered]
    record: dict[str, Any] = {"scale": scale.id, "photos": len(answers), "answered": len(answered)}
    for key in ("score", "patch_maximum"):
        values = [getattr(a, key) for a in answered]
        figures = {
            name: bootstrap_by_person(truth, values, groups=groups, statistic=statistic).record()
            for name, statistic in _OF_SCORE.items()
        }
        levels = ([scale.level_of(v).value for v in side] for side in (truth, values))
        figures["accuracy"] = bootstrap_by_person(*levels, groups=groups, statistic=accuracy).record()
        record[key] = figures
    return record


def patch_card_figures(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the tables of a card."""
    titles = {
        "score": f"Mean of the patches against the label on {record['scale']}, people the network never saw",
        "patch_maximum": "Maximum of the patches against the same",
    }
    figures: dict[str, Any] = {
        title: {
            name: {"model": row["value"], "interval 95 %": [row["low"], row["high"]]}
            for name, row in record[key].items()
        }
        for key, title in titles.items()
    }
    return figures | {"Coverage": {"photos": record["photos"], "answered": record["answered"]}}
