"""What the page sends, each as one strict object."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self, TypeVar

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from dermagrade.service.web.problem import Problem

#: The largest body, which holds :data:`MOST_MARKS` marks twice over.
MOST_BYTES = 256 * 1024
MOST_MARKS = 1_000
#: A body that is too large is read on and thrown away up to this size: most clients read the answer only when all is
#: sent.
_DISCARDED_BYTES = 32 * 1024 * 1024

#: 128 random bits that the browser made, as hexadecimal digits.
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]
Number = Annotated[float, Field(allow_inf_nan=False)]

Body = TypeVar("Body", bound=BaseModel)


class Mark(BaseModel):
    """One lesion, in pixels of the photo."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    x: Number
    y: Number
    radius: Number = Field(gt=0)


class AnswerBody(BaseModel):
    """One answer: a grade, or the reason why there is none.

    Attributes:
        key: made for this answer; a second one with the same key changes nothing.
        item: that was graded.
        kind: ``grade`` or ``cannot``.
        marks: lesions; None where the study asks for none.
        shown_at: when the photo stood on the screen, by the rater's clock; pauses are taken out.
        answered_at: when the answer was given, by the same clock.
        corrects: key of an answer of the same item that this one takes the place of.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    key: Key
    item: Id
    kind: Literal["grade", "cannot"]
    grade: Number | None = None
    reason: str | None = Field(None, min_length=1, max_length=500)
    marks: tuple[Mark, ...] | None = Field(None, max_length=MOST_MARKS)
    shown_at: AwareDatetime
    answered_at: AwareDatetime
    corrects: Key | None = None

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if (self.kind == "grade") != (self.grade is not None):
            raise ValueError("an answer of kind 'grade' has a grade, and no other has")
        if (self.kind == "cannot") != (self.reason is not None):
            raise ValueError("an answer of kind 'cannot' has a reason, and no other has")
        if self.reason is not None and not all(c.isprintable() or c == "\n" for c in self.reason):
            raise ValueError("the reason holds characters that cannot be printed")
        _check_times(self.shown_at, self.answered_at)
        return self


class UndoBody(BaseModel):
    """Takes the answer of an item back.

    Attributes:
        key: made for this step.
        item: whose answer is taken back.
        corrects: key of that answer.
        shown_at: when that answer's photo stood on the screen.
        answered_at: when it was taken back.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    key: Key
    item: Id
    corrects: Key
    shown_at: AwareDatetime
    answered_at: AwareDatetime

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        _check_times(self.shown_at, self.answered_at)
        return self


async def read_body(request: Request, model: type[Body]) -> Body:
    """The body of a request, which must be JSON and fit ``model``.

    Raises:
        Problem: 415 for another content type, 413 for more than :data:`MOST_BYTES`, 422 with one sentence for a body
            that does not fit.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "Send the answer as application/json.")
    data, received = bytearray(), 0
    async for chunk in request.stream():
        received += len(chunk)
        if received <= MOST_BYTES:
            data += chunk
        elif received > _DISCARDED_BYTES:
            break
    if received > MOST_BYTES:
        raise Problem(413, f"The answer is larger than the limit of {MOST_BYTES // 1024} KB.")
    try:
        return model.model_validate_json(bytes(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:80]
        message = first["msg"].removeprefix("Value error, ")[:200]
        raise Problem(422, f"The answer cannot be taken{f' ({where})' if where else ''}: {message}.") from error


def _check_times(shown_at: datetime, answered_at: datetime) -> None:
    if answered_at < shown_at:
        raise ValueError("answered_at lies before shown_at")
    if shown_at.year < 2000 or answered_at.year >= 2200:
        raise ValueError("the times lie outside the years 2000 to 2199")
