"""Darkening: whether a person's skin grew darker from photo to photo."""
