"""Paints skin conditions onto photos, with the truth about what was painted."""

from dermagrade.simulate.lesions import NoRoomError, PaintedPhoto, paint_lesions
from dermagrade.simulate.truth import match_lesions

__all__ = ["NoRoomError", "PaintedPhoto", "match_lesions", "paint_lesions"]
