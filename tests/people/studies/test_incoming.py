"""What a study keeps of a file: the pixels, upright, and nothing else."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from dermagrade.errors import PhotoError
from dermagrade.people.studies.incoming import prepare_photo, thumbnail
from drawn_face import picture


def turned_jpeg() -> bytes:
    """A photo that lies on its side, with a place and a camera in its metadata."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera of somebody"
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    image = Image.fromarray(picture(200, spots=5)).crop((0, 0, 200, 120))
    image.save(file, "jpeg", quality=98, exif=exif, comment=b"a comment")
    return file.getvalue()


def test_a_photo_is_upright_and_without_metadata() -> None:
    found = prepare_photo(turned_jpeg(), name="a.jpg", max_pixels=10**6)
    assert (found.width, found.height) == (120, 200)
    with Image.open(io.BytesIO(found.data)) as kept:
        assert kept.size == (120, 200)
        assert not kept.getexif()
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"camera" not in found.data
    assert b"comment" not in found.data


def test_what_is_kept_looks_the_same_to_a_rater() -> None:
    pixels = picture(400, spots=12)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png")
    found = prepare_photo(file.getvalue(), name="a.png", max_pixels=10**6)
    with Image.open(io.BytesIO(found.data)) as kept:
        difference = np.abs(np.asarray(kept, int) - pixels)
    assert (found.width, found.height) == (400, 400)
    assert difference.mean() < 1


def test_the_same_pixels_have_the_same_digest_whatever_file_they_came_in() -> None:
    files = []
    for kind in ("png", "tiff"):
        file = io.BytesIO()
        Image.fromarray(picture(64)).save(file, kind)
        files.append(prepare_photo(file.getvalue(), name=f"a.{kind}", max_pixels=10**6).digest)
    assert files[0] == files[1]


def test_a_photo_is_never_reduced() -> None:
    file = io.BytesIO()
    Image.new("RGB", (3600, 40), (200, 150, 130)).save(file, "jpeg")
    assert prepare_photo(file.getvalue(), name="wide.jpg", max_pixels=10**6).width == 3600


@pytest.mark.parametrize("data", [b"", b"a letter", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_photo_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(PhotoError, match=r"letter\.jpg"):
        prepare_photo(data, name="letter.jpg", max_pixels=10**6)


def test_a_thumbnail_fits_its_square() -> None:
    found = prepare_photo(turned_jpeg(), name="a.jpg", max_pixels=10**6)
    with Image.open(io.BytesIO(thumbnail(found.data, 100))) as small:
        assert small.size == (60, 100)
