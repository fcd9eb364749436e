"""What covers the skin is named and left out; skin is not, whatever its tone and state."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from covered_face import BLACK, DARK, LIGHT, bar, drawn, face_mask, fringe, glasses, over, place
from dermagrade.face.cover import uncovered
from dermagrade.face.zones import find_face
from dermagrade.photo.read import read_photo
from dermagrade.photo.screen import screen
from dermagrade.types import ZONES, FaceMap, Photo

TONES = {"light": LIGHT, "middle": (168, 118, 92), "dark": DARK}
every_tone = pytest.mark.parametrize("tone", TONES.values(), ids=TONES)


def kinds(face: FaceMap) -> set[str]:
    return {kind for zone in face.zones.values() for kind in zone.covered}


def kept(face: FaceMap, whole: FaceMap, zone: str) -> float:
    """Share of a zone's pixels that are still the zone's."""
    number = ZONES.index(zone) + 1
    return float((face.label_map == number).sum() / (whole.label_map == number).sum())


@every_tone
def test_bare_skin_stays_as_it_is(tone: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    assert uncovered(photo, face) is face


@every_tone
def test_inflamed_and_marked_skin_is_not_covered(tone: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    rng = np.random.default_rng(1)

    def spots(draw, at):
        for _ in range(150):
            x, y = at(*rng.uniform((-0.9, -0.9), (0.9, 1.7)))
            radius = rng.uniform(2, 7)
            shade = [(1.0, 0.62, 0.6), (0.72, 0.5, 0.5), (0.55, 0.48, 0.45)][rng.integers(3)]
            fill = tuple(int(c * s) for c, s in zip(tone, shade, strict=True))
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)

    assert uncovered(over(photo, spots), face) is face


@every_tone
def test_a_shadow_over_half_the_face_is_not_covered(tone: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    light = 0.28 + 0.72 / (1 + np.exp((np.arange(400) - 230) / 12))
    linear = ((photo.pixels / 255) ** 2.2 * light[None, :, None]) ** (1 / 2.2)
    assert uncovered(replace(photo, pixels=(255 * linear).astype(np.uint8)), face) is face


def test_burnt_out_skin_is_no_bar_and_no_mask() -> None:
    photo, face = drawn()

    def gleam(draw, at):
        draw.ellipse((*at(-0.5, -0.9), *at(0.5, -0.5)), fill=(255, 255, 255))
        draw.ellipse((*at(-0.15, 0.2), *at(0.15, 0.7)), fill=(255, 255, 255))
        draw.ellipse((*at(-0.3, 1.4), *at(0.3, 1.7)), fill=(255, 255, 255))

    lit = over(photo, gleam)
    soft = Image.fromarray(lit.pixels).filter(ImageFilter.GaussianBlur(8))
    assert uncovered(replace(lit, pixels=np.asarray(soft)), face) is face


@every_tone
@pytest.mark.parametrize("cloth", [(150, 190, 215), (235, 236, 238), (28, 28, 30)], ids=["blue", "white", "black"])
def test_a_mask_is_named_and_takes_the_chin(tone: tuple[int, int, int], cloth: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    seen = uncovered(over(photo, face_mask(cloth)), face)
    assert kinds(seen) == {"mask"}
    assert "chin" not in seen.found
    assert not (seen.label_map == ZONES.index("chin") + 1).any()
    assert seen.zones["forehead"] is face.zones["forehead"]


@every_tone
def test_a_bar_over_a_cheek_is_named_there_only(tone: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    seen = uncovered(over(photo, bar(0.25, 0.4, 0.95, 0.9, (0, 0, 0) if tone != DARK else (255, 255, 255))), face)
    assert kinds(seen) == {"bar"}
    assert [zone for zone in ZONES if seen.zones[zone].covered] == ["left_cheek"]
    assert kept(seen, face, "left_cheek") == pytest.approx(1 - (0.7 * 0.5) / (0.76 * 1.07), abs=0.06)
    assert seen.zones["left_cheek"].visible < 0.6 * face.zones["left_cheek"].visible / 0.9
    x, y = (int(v) for v in place(0.6, 0.65))
    assert seen.label_map[y, x] == 0


@every_tone
def test_the_frame_of_glasses_is_named_and_the_lenses_are_clear(tone: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    seen = uncovered(over(photo, glasses()), face)
    assert kinds(seen) == {"glasses"}
    x, y = (int(v) for v in place(0.5, 0.42))
    assert seen.label_map[y, x] == 0
    assert all(kept(seen, face, zone) > 0.8 for zone in ZONES)


@every_tone
def test_hair_over_the_forehead_is_named(tone: tuple[int, int, int]) -> None:
    photo, face = drawn(tone)
    seen = uncovered(over(photo, fringe(BLACK)), face)
    assert kinds(seen) == {"hair"}
    assert seen.zones["forehead"].covered["hair"] > 0.5
    assert kept(seen, face, "forehead") < 0.6


def test_without_colour_hair_and_masks_are_not_guessed() -> None:
    photo, face = drawn()
    grey = np.repeat(np.asarray(Image.fromarray(over(photo, fringe()).pixels).convert("L"))[..., None], 3, axis=2)
    assert uncovered(replace(photo, pixels=np.ascontiguousarray(grey)), face) is face


def test_a_face_that_is_turned_keeps_what_only_the_front_can_tell() -> None:
    photo, face = drawn()
    turned = replace(face, yaw_deg=50.0)
    assert uncovered(over(photo, glasses()), turned) is turned


def test_shares_and_visible_fit_together() -> None:
    photo, face = drawn()
    for thing in (face_mask((235, 236, 238)), bar(0.25, 0.4, 0.95, 0.9), glasses(), fringe()):
        for zone in uncovered(over(photo, thing), face).zones.values():
            assert zone.visible + sum(zone.covered.values()) <= 1 + 1e-9
            assert (zone.visible == 0) == (len(zone.polygon) == 0)


@pytest.mark.parametrize(
    ("thing", "code", "severity"),
    [
        (fringe(), "P113", "note"),
        (glasses(), "P114", "note"),
        (face_mask((235, 236, 238)), "P115", "caution"),
        (bar(0.25, 0.4, 0.95, 0.9), "P116", "caution"),
    ],
)
def test_every_kind_has_its_finding(thing: object, code: str, severity: str) -> None:
    photo, face = drawn()
    assert not {"P113", "P114", "P115", "P116"} & {f.code for f in screen(photo, face).findings}
    hidden = over(photo, thing)
    found = [f for f in screen(hidden, uncovered(hidden, face)).findings if f.code >= "P113"]
    assert [(f.code, f.severity) for f in found] == [(code, severity)]


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (60, 60)])
def test_a_face_of_any_size_is_looked_at(size: tuple[int, int]) -> None:
    _, face = drawn()
    small = Photo(np.zeros((size[1], size[0], 3), np.uint8), "0" * 64, *size)
    labels = np.ones((size[1], size[0]), np.uint8)
    box = (0.0, 0.0, float(size[0]), float(size[1]))
    points = {name: (x * size[0] / 400, y * size[1] / 480) for name, (x, y) in face.points.items()}
    uncovered(small, replace(face, box=box, points=points, label_map=labels))


# Real faces -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def portrait() -> Photo:
    skimage = pytest.importorskip("skimage", reason="the portrait comes inside scikit-image's wheel")
    return read_photo(Path(skimage.__file__).parent / "data" / "astronaut.png")


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        (face_mask((150, 190, 215)), "mask"),
        (face_mask((28, 28, 30)), "mask"),
        (bar(0.25, 0.4, 0.95, 0.9), "bar"),
        (glasses(), "glasses"),
    ],
    ids=["blue mask", "black mask", "bar", "glasses"],
)
def test_what_is_drawn_over_a_real_face_is_found(portrait: Photo, thing: object, kind: str) -> None:
    bare = find_face(portrait)
    assert bare is not None
    assert not {"mask", "bar", "glasses"} & kinds(bare)
    right, left = (np.array(bare.points[name]) for name in ("right_eye", "left_eye"))
    across = left - right
    down = np.array([-across[1], across[0]])

    def at(x: float, y: float) -> tuple[float, float]:
        px, py = (right + left) / 2 + x * across + y * down
        return float(px), float(py)

    hidden = over(portrait, thing, at)
    seen = find_face(hidden)
    if seen is None:  # so much of it hidden that it is no face to the network: refused, not graded
        assert kind == "mask"
        assert "P108" in [f.code for f in screen(hidden, seen).findings]
    else:
        assert kind in kinds(seen)


def test_lesions_of_real_photos_are_not_called_covered(data_dir: Path) -> None:
    """On a spread of the acne photos; the published positions of lesions within the zones."""
    import csv

    with open(data_dir / "acne" / "lesions.csv", newline="", encoding="utf-8") as stream:
        marks = list(csv.DictReader(stream))
    photos = sorted({row["photo"] for row in marks})[::25]
    inside = under = 0
    for name in photos:
        photo = read_photo(data_dir / "acne" / "photos" / name)
        bare = find_face(photo, cover=False)
        if bare is None:
            continue
        seen = uncovered(photo, bare)
        assert set(seen.found) == set(bare.found)
        for row in marks:
            if row["photo"] == name:
                x, y = int(float(row["x"]) / photo.scale), int(float(row["y"]) / photo.scale)
                inside += bare.label_map[y, x] > 0
                under += bare.label_map[y, x] > 0 and seen.label_map[y, x] == 0
    assert inside > 200
    assert under <= 0.01 * inside
