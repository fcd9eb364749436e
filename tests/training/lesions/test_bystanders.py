"""Other conditions are painted onto the faces that are learnt from."""

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image

from dermagrade.training.lesions.bystanders import Bystanders

#: The public-domain portrait that the demo uses.
PORTRAIT = Path(matplotlib.__file__).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def _face() -> Image.Image:
    """The portrait at the size at which samples are kept."""
    picture = Image.open(PORTRAIT)
    return picture.resize((round(512 * picture.width / picture.height), 512))


def test_a_face_is_painted_and_nothing_but_the_face() -> None:
    pixels = np.asarray(_face())
    (painted,) = Bystanders("acne").paint(pixels, [np.random.default_rng(4)])
    changed = (painted != pixels).any(axis=2)
    assert changed.mean() > 0.01
    assert not changed[:5].any()
    assert not changed[-120:].any()


def test_a_picture_without_a_face_stays_as_it_is() -> None:
    pixels = np.full((200, 200, 3), 128, np.uint8)
    (painted,) = Bystanders("acne").paint(pixels, [np.random.default_rng(1)])
    assert (painted == pixels).all()


def test_severe_grades_come_more_often_where_they_are_asked_for() -> None:
    pixels = np.asarray(_face())

    def darkening(severe: bool) -> float:
        painted = Bystanders("acne").paint(pixels, [np.random.default_rng(n) for n in range(12)], severe=severe)
        return float(np.mean([pixels.mean() - one.mean() for one in painted]))

    assert darkening(severe=True) > 1.15 * darkening(severe=False)
