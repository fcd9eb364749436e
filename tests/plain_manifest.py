"""A manifest that holds what every manifest must, for tests that care about some of it."""

from __future__ import annotations

from dermagrade.weights.manifest import Manifest


def plain_manifest(**known: object) -> Manifest:
    """The manifest, with ``known`` in place of or beside its plain values."""
    plain: dict[str, object] = {
        "version": "x-1",
        "sha256": "0" * 64,
        "created": "2026-11-21",
        "inputs": {},
        "normalisation": "none",
        "training_data": [],
        "licence": "none",
        "metrics": {},
    }
    return Manifest(**plain | known)  # type: ignore[arg-type]
