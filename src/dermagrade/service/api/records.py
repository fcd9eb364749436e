"""The record of a photo as the OpenAPI document describes it. The answer itself is the record as it stands."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from dermagrade.conditions import CONDITIONS
from dermagrade.conditions.condition import Condition
from dermagrade.types import ZONES

# Every object may gain keys in a later version, and a client has to bear with that.
_OPEN = ConfigDict(extra="allow")


class Finding(BaseModel):
    """One thing that the screening noticed."""

    model_config = _OPEN
    code: str = Field(examples=["P102"])
    severity: Literal["note", "caution", "refuse"]
    value: float | None
    minimum: float | None = None
    maximum: float | None = None
    message: str = Field(description="tells the person what to do")


class Screening(BaseModel):
    """Whether the photo is good enough."""

    model_config = _OPEN
    verdict: str
    findings: list[Finding]


class Zone(BaseModel):
    """A skin zone."""

    model_config = _OPEN
    visible: float = Field(description="share that is not turned away, outside the frame or covered, 0 to 1")
    covered: dict[str, float] | None = Field(None, description="what hides part of it, with the share that is hidden")
    polygon: list[tuple[float, float]] = Field(description="pixels of the upright photo, x to the right, y down")


class Face(BaseModel):
    """Where the face is."""

    model_config = _OPEN
    box: tuple[float, float, float, float] = Field(description="x0, y0, x1, y1 in pixels")
    yaw_deg: float = Field(description="positive: turned to the person's own left")
    zones: dict[str, Zone] = Field(description=f"by name: {', '.join(ZONES)}")


class ZoneScore(BaseModel):
    """The score of one zone; some conditions give a further number beside it."""

    model_config = _OPEN
    score: float


class Measure(BaseModel):
    """A further number; ``docs/measures.md`` says what each means."""

    model_config = _OPEN
    value: float
    unit: str = Field(examples=["%"], description="empty for a plain number")


class Grade(BaseModel):
    """What one condition says of the photo; where ``score`` is null, ``abstained`` says why.

    Each condition's own schema adds what it says beyond this.
    """

    model_config = _OPEN
    scale: str
    score: float | None
    abstained: str | None = None
    interval: tuple[float, float] | None = Field(None, description="null where the model is not calibrated")
    level: float | None = None
    label: str | None = None
    zones: dict[str, ZoneScore] | None = None
    measures: dict[str, Measure] | None = Field(None, description="further numbers by key; absent where there are none")


class _Photo(BaseModel):
    """What ``dermagrade assess --json`` prints for one photo, with the client's file name as ``photo``."""

    model_config = _OPEN
    photo: str
    sha256: str
    width: int
    height: int
    status: Literal["assessed", "refused"] = Field(description="refused: the screening's findings say why")
    screening: Screening
    face: Face | None = Field(description="null where none was found")
    model: dict[str, str] = Field(description="condition to the id of its model")
    elapsed_ms: dict[str, int]


def _grade_of(condition: Condition) -> type[BaseModel]:
    """The schema of one condition's answer: what all have in common, and what it says of its own."""
    own = condition.details

    def add_own(schema: dict[str, Any]) -> None:
        schema["properties"] |= {key: dict(value) for key, value in own.schema().items()}
        schema["properties"]["scale"]["examples"] = [condition.scale]

    zones: dict[str, Any] = {}
    if own.zone_figure:
        further: dict[str, Any] = {own.zone_figure: (float | None, None)}
        of_zone: Any = create_model(
            f"{_title(condition)}Zone", __base__=ZoneScore, __doc__=ZoneScore.__doc__, **further
        )
        zones["zones"] = (dict[str, of_zone] | None, None)
    return create_model(
        f"{_title(condition)}Grade",
        __base__=type("Own", (Grade,), {"model_config": ConfigDict(extra="allow", json_schema_extra=add_own)}),
        __doc__=f"What is said of {condition.title.lower()}; where ``score`` is null, ``abstained`` says why.",
        **zones,
    )


def _title(condition: Condition) -> str:
    return condition.name.title().replace("_", "")


_conditions: dict[str, Any] = {
    condition.name: (
        _grade_of(condition) | None,
        Field(None, description="absent where it was not asked for, or the photo was refused"),
    )
    for condition in CONDITIONS.values()
    if condition.takes == "photo"
}

#: One field for each condition of the table that grades photos.
PhotoRecord: type[BaseModel] = create_model("PhotoRecord", __base__=_Photo, __doc__=_Photo.__doc__, **_conditions)


class ModelCard(BaseModel):
    """A network that is installed."""

    name: str
    id: str = Field(description="version and the first digits of the network's SHA-256")
    licence: str
    created: str
    card: str = Field(description="where its card can be fetched: training data, figures, limits")


class Models(BaseModel):
    """The networks that are installed."""

    models: list[ModelCard]


class Health(BaseModel):
    """That the service lives, or that its networks are loaded."""

    status: Literal["ok"]
    models: list[str] | None = None
