"""Why a rater may not be able to grade a photo."""

from __future__ import annotations

#: Why a photo may not be gradable; the page offers these, and words of the rater's own.
REASONS: tuple[str, ...] = (
    "Out of focus",
    "Too dark or too bright",
    "Skin is covered (make-up, hair, beard, mask, glasses)",
    "Face is turned away or cut off",
    "Face is too small",
    "Another skin condition hides it",
    "Other",
)
