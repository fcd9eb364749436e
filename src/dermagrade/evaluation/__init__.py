"""Measures what the package does on labelled photos, with human readers beside it."""
