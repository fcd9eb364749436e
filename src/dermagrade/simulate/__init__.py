"""Paints skin conditions onto photos, with the truth about what was painted."""
