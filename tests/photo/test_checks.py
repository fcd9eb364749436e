"""What each check measures, and when it speaks."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFilter

from dermagrade.photo import checks
from dermagrade.photo.screen import screen
from dermagrade.types import ZONES, Box, FaceMap, Photo, Zone

REPOSITORY = Path(__file__).resolve().parents[2]
SKIN = (198, 152, 126)


def textured_skin(side: int = 640, tone: tuple[int, int, int] = SKIN, seed: int = 0) -> np.ndarray:
    """Skin-coloured noise whose energy falls with frequency, as in natural pictures: detail at every scale."""
    rng = np.random.default_rng(seed)
    fy, fx = np.fft.fftfreq(side)[:, None], np.fft.fftfreq(side)[None]
    frequency = np.maximum(np.hypot(fy, fx), 1 / side)
    waves = np.fft.ifft2(np.fft.fft2(rng.normal(size=(side, side))) / frequency).real
    light = 1.0 + 0.12 * waves / waves.std()
    return np.clip(np.array(tone) * light[..., None], 0, 255).astype(np.uint8)


def photo_of(pixels: np.ndarray, reduced: int = 1) -> Photo:
    height, width = pixels.shape[:2]
    return Photo(np.ascontiguousarray(pixels), "0" * 64, width * reduced, height * reduced)


def face_in(photo: Photo, box: Box | None = None, *, skin: bool = True, **changes: Any) -> FaceMap:
    height, width = photo.pixels.shape[:2]
    box = box or (0.0, 0.0, float(width), float(height))
    labels = np.zeros((height, width), np.uint8)
    if skin:
        labels[int(box[1]) : int(box[3]), int(box[0]) : int(box[2])] = 1
    visible = changes.pop("visible", {})
    zones = {z: Zone(z, visible.get(z, 1.0), np.empty((0, 2))) for z in ZONES}
    given: dict[str, Any] = {"yaw_deg": 0.0, "pitch_deg": 0.0, "roll_deg": 0.0, "confidence": 0.9} | changes
    return FaceMap(box=box, points={}, label_map=labels, zones=zones, **given)


def area(pixels: np.ndarray, **options: Any) -> checks.Region:
    photo = photo_of(pixels)
    return checks.region(photo, face_in(photo, **options))


def codes(photo: Photo, face: FaceMap | None, **options: Any) -> list[str]:
    return [f.code for f in screen(photo, face, **options).findings]


def test_a_good_photo_has_no_finding() -> None:
    photo = photo_of(textured_skin())
    assert screen(photo, face_in(photo), zones=ZONES).findings == ()
    assert screen(photo, face_in(photo)).verdict == "good"


@pytest.mark.parametrize("side", [64, 200, 400, 1200])
def test_sharpness_falls_with_every_further_blur(side: int) -> None:
    image = Image.fromarray(textured_skin(side))
    unit = max(side, 256) / 256
    values = [
        checks.sharpness(area(np.asarray(image.filter(ImageFilter.GaussianBlur(radius * unit)))))
        for radius in (0, 0.5, 1, 1.5, 2, 3, 4)
    ]
    assert all(a > b for a, b in itertools.pairwise(values)), values
    assert checks.blurred(area(np.asarray(image))) is None
    found = checks.blurred(area(np.asarray(image.filter(ImageFilter.GaussianBlur(3 * unit)))))
    assert found is not None
    assert found.value is not None
    assert found.minimum is not None
    assert found.value < found.minimum


def test_a_small_sharp_face_is_small_and_not_blurred() -> None:
    photo = photo_of(textured_skin(640)[:80, :80])
    found = codes(photo, face_in(photo))
    assert "P107" in found
    assert "P102" not in found
    reduced = Image.fromarray(textured_skin(640)).resize((80, 80), Image.Resampling.HAMMING)
    assert checks.blurred(area(np.asarray(reduced))) is None


def test_a_small_face_blown_up_is_blurred() -> None:
    small = Image.fromarray(textured_skin(640)).resize((40, 40), Image.Resampling.HAMMING)
    assert checks.blurred(area(np.asarray(small.resize((640, 640), Image.Resampling.BICUBIC)))) is not None


def test_sharpness_does_not_depend_on_light_or_skin_tone() -> None:
    light = checks.sharpness(area(textured_skin(400)))
    dark = checks.sharpness(area(textured_skin(400, tone=(90, 60, 46))))
    assert dark == pytest.approx(light, rel=0.1)


def test_a_flat_region_is_blurred_and_no_division_by_zero() -> None:
    assert checks.sharpness(area(np.full((300, 300, 3), 128, np.uint8))) == 0.0


@pytest.mark.parametrize(
    ("pixels", "code"),
    [
        (textured_skin() // 4, "P103"),
        (np.clip(textured_skin().astype(int) + 90, 0, 250).astype(np.uint8), "P104"),
        (np.where(np.arange(640)[:, None, None] < 40, 255, textured_skin()).astype(np.uint8), "P105"),
        (np.where(np.arange(640)[:, None, None] < 40, 0, textured_skin()).astype(np.uint8), "P105"),
        (textured_skin(tone=(90, 150, 220)), "P106"),
        (np.repeat(textured_skin()[..., :1], 3, axis=2), "P106"),
        (textured_skin(tone=(240, 120, 30)), "P106"),
    ],
)
def test_bad_light_and_colour_are_found(pixels: np.ndarray, code: str) -> None:
    photo = photo_of(pixels)
    screening = screen(photo, face_in(photo))
    assert code in [f.code for f in screening.findings]
    assert screening.verdict == "caution"


@pytest.mark.parametrize("tone", [(240, 205, 185), SKIN, (141, 96, 72), (96, 62, 48)])
def test_lit_skin_of_any_tone_is_neither_dark_nor_bright_nor_off_colour(tone: tuple[int, int, int]) -> None:
    photo = photo_of(textured_skin(tone=tone))
    assert not {"P103", "P104", "P105", "P106"} & set(codes(photo, face_in(photo)))


def test_only_the_skin_is_measured() -> None:
    """A dark surround and dark hair in the box do not darken the face."""
    pixels = np.zeros((640, 640, 3), np.uint8)
    pixels[200:500, 200:500] = textured_skin()[200:500, 200:500]
    photo = photo_of(pixels)
    face = face_in(photo, (150.0, 150.0, 550.0, 550.0))
    labels = np.zeros((640, 640), np.uint8)
    labels[200:500, 200:500] = 3
    seen = FaceMap(face.box, {}, 0, 0, 0, labels, face.zones, 0.9)
    assert not {"P103", "P105"} & set(codes(photo, seen))
    assert {"P105"} & set(codes(photo, face_in(photo, face.box, skin=False)))


def test_sizes_are_those_of_the_full_photo() -> None:
    pixels = textured_skin(120)
    assert {"P101", "P107"} <= set(codes(photo_of(pixels), face_in(photo_of(pixels))))
    large = photo_of(pixels, reduced=4)
    assert not {"P101", "P107"} & set(codes(large, face_in(large)))


def test_a_small_face_is_a_caution_so_that_the_grade_still_comes() -> None:
    photo = photo_of(textured_skin())
    screening = screen(photo, face_in(photo, (100.0, 100.0, 205.0, 205.0)))
    assert [f.code for f in screening.findings] == ["P107"]
    assert screening.verdict == "caution"


def test_no_face_is_refused_and_what_was_not_checked_is_said() -> None:
    screening = screen(photo_of(textured_skin()), None)
    assert [f.code for f in screening.findings] == ["P108", "P112"]
    assert screening.verdict == "refuse"


def test_a_face_of_few_pixels_could_not_be_checked_and_is_not_fine() -> None:
    photo = photo_of(textured_skin())
    screening = screen(photo, face_in(photo, (10.0, 10.0, 26.0, 26.0)))
    assert [f.code for f in screening.findings] == ["P107", "P112"]


def test_several_faces_of_like_size_are_refused_and_a_small_one_is_noted() -> None:
    photo = photo_of(textured_skin())
    box = (0.0, 0.0, 300.0, 300.0)
    like = screen(photo, face_in(photo, box, others=((320.0, 0.0, 620.0, 150.0),)))
    assert [(f.code, f.severity, f.value) for f in like.findings] == [("P109", "refuse", 0.5)]
    small = screen(photo, face_in(photo, box, others=((320.0, 0.0, 520.0, 200.0),)))
    assert [(f.code, f.severity) for f in small.findings] == [("P109", "note")]
    assert "largest" in small.findings[0].message


@pytest.mark.parametrize(
    ("zone", "turn"),
    [
        ("left_cheek", {"yaw_deg": 50.0}),
        ("right_cheek", {"yaw_deg": -50.0}),
        ("chin", {"pitch_deg": -40.0}),
        ("forehead", {"pitch_deg": 40.0}),
        ("nose", {"yaw_deg": 85.0}),
    ],
)
def test_a_zone_turned_out_of_view_is_told_from_a_hidden_one(zone: str, turn: dict[str, float]) -> None:
    photo = photo_of(textured_skin())
    away = screen(photo, face_in(photo, visible={zone: 0.1}, **turn), zones=[zone])
    assert [f.code for f in away.findings] == ["P110"]
    hidden = screen(photo, face_in(photo, visible={zone: 0.1}), zones=[zone])
    assert [f.code for f in hidden.findings] == ["P111"]
    seen = screen(photo, face_in(photo, visible={zone: 0.3}, **turn), zones=[zone])
    assert seen.findings == ()


def test_zones_that_nobody_asked_for_may_be_hidden_unless_all_are() -> None:
    photo = photo_of(textured_skin())
    assert codes(photo, face_in(photo, visible={"left_cheek": 0.0, "nose": 0.0})) == []
    assert codes(photo, face_in(photo, visible=dict.fromkeys(ZONES, 0.1))) == ["P111"]


def test_an_unknown_zone_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no such zone: ear"):
        screen(photo_of(textured_skin()), None, zones=["ear"])


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (3, 2), (60, 60)])
@pytest.mark.parametrize("with_face", [True, False])
def test_photos_of_any_shape_are_screened(shape: tuple[int, int], with_face: bool) -> None:
    photo = photo_of(np.full((*shape, 3), 120, np.uint8))
    found = screen(photo, face_in(photo) if with_face else None).findings
    assert "P101" in [f.code for f in found]


# The table -------------------------------------------------------------------------------------------------------


def test_codes_are_unique_in_order_and_their_advice_is_one_sentence() -> None:
    listed = [c.code for c in checks.CHECKS]
    assert listed == sorted(set(listed))
    for check in checks.CHECKS:
        assert check.advice.endswith(".")
        assert check.advice.count(".") == 1
        assert (check.bound is None) == (check.limit is None)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda c: c.code)
def test_every_check_is_documented_with_its_limit_and_advice(check: checks.Check) -> None:
    rows = (REPOSITORY / "docs" / "screening.md").read_text(encoding="utf-8").splitlines()
    limit = "-" if check.limit is None else f"{check.bound} {check.limit:g}"
    row = f"| {check.code} | {check.title} | {check.severity} | {check.measures} | {limit} | {check.advice} |"
    assert row in rows
