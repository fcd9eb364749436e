"""The screening on real photos, which are not part of the repository."""

from pathlib import Path

from dermagrade.face.zones import find_face
from dermagrade.photo.screen import screen
from laboratory.screening_limits import photos_with_faces


def test_at_most_3_in_100_real_acne_photos_are_refused(data_dir: Path) -> None:
    """With the faces that the product's own network finds."""
    found = list(photos_with_faces(data_dir, 0, find_face))
    refused = sum(screen(photo, face).verdict == "refuse" for _, photo, face in found)
    assert len(found) > 1000
    assert refused <= 0.03 * len(found)
