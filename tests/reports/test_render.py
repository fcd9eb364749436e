"""The report is one file that needs nothing else and says what was simulated, found and missed."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from dermagrade.assess.photo import Assessed
from dermagrade.conditions.pigmentation.answer import PigmentationDetails
from dermagrade.reports.render import ModelNote, find_again, render_report
from dermagrade.simulate.lesions import paint_lesions
from dermagrade.types import Assessment, HeatMap, Lesion, Measure, Photo, ZoneScore
from face_scene import assessment, scene, screening

VOID = {"meta", "img", "br", "link", "rect", "line", "path"}


class Page(HTMLParser):
    """Collects pictures and addresses, and checks that every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.images, self.addresses, self.tags = [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.addresses += [v for k, v in found.items() if k in ("src", "href", "srcset", "action", "data")]
        if tag == "img":
            self.images.append(found)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def render(**more):
    photo, face = scene(300, 260)
    painted = paint_lesions(photo.pixels, face.label_map, count=8, seed=1, face_width_px=face.box[2] - face.box[0])
    found = (*tuple(Lesion(p.x + 1, p.y, p.radius, 0.7) for p in painted.lesions[:5]), Lesion(5, 5, 3, 0.4))
    after_photo = Photo(painted.pixels, "1" * 64, 260, 300, "after.png")
    look = screening("Come <closer>.")
    before = Assessed(
        "a&b.jpg",
        "assessed",
        photo,
        look,
        face,
        {"acne": assessment(face, score=1.4, label="Clear")},
        None,
        {"read": 3.0},
    )
    second = more.pop("second", None) or assessment(face, found=found)
    after = Assessed("after.png", "assessed", after_photo, look, face, {"acne": second}, None, {"read": 4.0})
    values = {
        "title": "A <title>",
        "notices": ["The lesions are simulated.", "She endorses nothing."],
        "before": before,
        "after": after,
        "painted": painted,
        "condition": "acne",
        "simulated": "lesions",
        "models": [ModelNote("acne-test@12345678", "# Card\n\nTrained on <1,457> photos\nof people.\n\nMore.")],
    }
    return render_report(**(values | more))


def test_the_page_asks_for_nothing_from_anywhere():
    text = render()
    page = Page(text)
    assert page.addresses
    assert all(a.startswith("data:image/jpeg;base64,") for a in page.addresses)
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert not re.search(r"url\(|@import|https?://", text)


def test_every_picture_has_words_for_those_who_cannot_see_it():
    images = Page(render()).images
    assert len(images) == 4
    assert all(len(image["alt"]) > 10 for image in images)
    assert any("Moderate, 3.6" in image["alt"] for image in images)


def test_the_notices_come_first_and_both_scores_are_there():
    text = render()
    assert text.index("The lesions are simulated.") < text.index("The score")
    assert "She endorses nothing." in text
    assert "Before 1.4" in text
    assert "After 3.6" in text
    assert "not a diagnosis" in text


def test_found_and_missed_lesions_are_counted():
    text = render()
    assert "5 of 8" in text
    assert text.count("yes, confidence 0.70") == 5
    assert text.count('<td class="words">no</td>') == 3


def test_what_comes_from_outside_is_escaped():
    text = render()
    assert "A &lt;title&gt;" in text
    assert "A <title>" not in text
    assert "Come &lt;closer&gt;." in text
    assert "Trained on &lt;1,457&gt; photos of people." in text


def test_marks_stand_at_their_score_on_the_scale():
    text = render()
    places = [float(x) for x in re.findall(r'<path d="M ([\d.]+)', text)]
    assert places == pytest.approx([14 + 372 * 0.4 / 4, 14 + 372 * 2.6 / 4], abs=0.1)


def test_an_abstained_second_look_is_told_and_not_drawn():
    text = render(second=Assessment("acne", "acne-5", abstained="No zone is visible."))
    assert "no score" in text
    assert "No zone is visible." in text
    assert "After 3.6" not in text
    assert "0 of 8" in text


def heated(photo, face, score, label, share):
    """One side of a page on a condition that is shown by heat and has numbers of its own."""
    answer = Assessment(
        "mottling",
        "pigment-9",
        score,
        score,
        label,
        zones={z: ZoneScore(score) for z in face.found},
        measures=(
            Measure("share", "Affected share", share, "%"),
            Measure("draft", "An index", 4.25, "", "A draft & no more."),
        ),
        details=PigmentationDetails(HeatMap(np.full((260, 300), 0.3, np.float32), (0, 0), 1, 0.5, "Excess of brown")),
    )
    return Assessed("x.jpg", "assessed", photo, screening(), face, {"mottling": answer})


def test_a_condition_without_lesions_has_its_heat_and_numbers_and_no_word_of_lesions():
    photo, face = scene(300, 260)
    before, after = heated(photo, face, 1.0, "Mild", 2.0), heated(photo, face, 6.0, "Moderate", 31.25)
    text = render(
        before=before,
        after=after,
        painted=None,
        condition="mottling",
        simulated="brown patches",
        notices=["They are simulated."],
        models=[],
    )
    images = Page(text).images
    assert len(images) == 4
    assert "mottling Moderate, 6.0; coloured by excess of brown; " in images[3]["alt"]
    assert "Affected share 31.2 %" in images[3]["alt"]
    assert "An index 4.25" in images[3]["alt"]
    assert "with simulated brown patches" in images[1]["alt"]
    assert "<td>Affected share</td><td>2 %</td><td>31.2 %</td>" in text
    assert "An index: A draft &amp; no more." in text
    assert "esion" not in text


def test_a_number_that_one_side_lacks_is_a_dash_there():
    photo, face = scene(300, 260)
    before, after = heated(photo, face, 1.0, "Mild", 2.0), heated(photo, face, 6.0, "Moderate", 31.25)
    bare = replace(before.assessments["mottling"], measures=())
    before = replace(before, assessments={"mottling": bare})
    text = render(before=before, after=after, painted=None, condition="mottling", simulated="patches", models=[])
    assert "<td>Affected share</td><td>–</td><td>31.2 %</td>" in text


def test_a_page_on_lesions_has_no_table_of_further_numbers():
    assert "<h2>Measures</h2>" not in render()


def test_a_photo_without_a_face_has_no_report():
    with pytest.raises(ValueError, match="Before"):
        render(before=Assessed("x.jpg", "refused"))


def test_a_lesion_that_was_found_is_found_once():
    photo, face = scene(300, 260)
    painted = paint_lesions(photo.pixels, face.label_map, count=6, seed=2, face_width_px=200)
    everything = find_again(painted, painted.lesions, face_width_px=200)
    nothing = find_again(painted, (), face_width_px=200)
    assert (everything.found, nothing.found) == (6, 0)
    assert everything.pointed_at == 6
    assert np.isclose(everything.within_px, 5.0)


def test_the_summary_of_a_card_is_its_first_paragraph():
    assert ModelNote("x", "---\n\n# Title\n\n| a |\n\nFirst **words**\nhere.\n\nSecond.").summary == "First words here."
    assert ModelNote("x", "").summary == ""
