"""Other conditions are painted onto what is learnt from, and change nothing of what is learnt."""

from pathlib import Path

import matplotlib
import numpy as np
import torch
from PIL import Image

from dermagrade.training.acne_data import AcneSampler, load_acne
from dermagrade.training.bystanders import Bystanders
from dermagrade.training.labels import PhotoLabel

#: The public-domain portrait that the demo uses.
PORTRAIT = Path(matplotlib.__file__).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


def _face() -> Image.Image:
    """The portrait at the size at which samples are kept."""
    picture = Image.open(PORTRAIT)
    return picture.resize((round(512 * picture.width / picture.height), 512))


def test_a_face_is_painted_and_nothing_but_the_face() -> None:
    pixels = np.asarray(_face())
    painted = Bystanders("acne").paint(pixels, np.random.default_rng(4))
    changed = (painted != pixels).any(axis=2)
    assert changed.mean() > 0.01
    assert not changed[:5].any()
    assert not changed[-120:].any()


def test_a_picture_without_a_face_stays_as_it_is() -> None:
    pixels = np.full((200, 200, 3), 128, np.uint8)
    assert (Bystanders("acne").paint(pixels, np.random.default_rng(1)) == pixels).all()


def test_grade_and_lesions_stay_what_they_were(tmp_path: Path) -> None:
    _face().save(tmp_path / "a.png")
    marks = {"a.png": np.array([[190.0, 170.0, 3.0], [150.0, 160.0, 3.0]])}
    samples = load_acne([PhotoLabel("a.png", "p", 1, count=2)], tmp_path, [marks], [], {})
    plain = AcneSampler(samples, 3, 256).batch([0], patch=None, spread=0)
    under = AcneSampler(samples, 3, 256, others=1.0).batch([0], patch=None, spread=0)
    assert not torch.equal(plain.image, under.image)
    assert torch.equal(plain.density, under.density)
    assert torch.equal(plain.grade, under.grade)
