"""The report of an evaluation is one file without pictures, and says what the tables in the terminal say."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markupsafe import escape

from dermagrade.cli.evaluate import as_text
from dermagrade.conditions import CONDITIONS
from dermagrade.evaluation.answers import PhotoResult
from dermagrade.evaluation.measure import summarise
from dermagrade.reports.estimate_text import shown
from dermagrade.reports.evaluation.headlines import headlines
from dermagrade.reports.evaluation.report import displays, render_evaluation, tables
from dermagrade.scales import ACNE_5
from dermagrade.tables.labels import PhotoLabel
from dermagrade.tables.readings import Reading
from dermagrade.types import ZONES


def small():
    labels = [PhotoLabel(f"{g}{i}.jpg", f"p{i}", g, count=5 * g) for g in range(4) for i in range(3)]
    readings = [Reading(label.photo, who, label.grade) for label in labels for who in ("<b>anna", "ben")]
    results = []
    for label in labels:
        grade = min(int(label.grade), 2)
        p = tuple(float(k == grade) for k in range(4))
        results.append(
            PhotoResult(
                label.photo,
                "",
                True,
                grade=grade,
                probabilities=p,
                score=2.0 + grade,
                count=4.0 + grade,
                width=9,
                height=9,
                interval=(1.5, 4.5),
                hayashi_set=(grade,),
                fold=int(label.photo[1]),
                ita_deg=30.0,
                yaw_deg=10.0 * grade,
                sharpness=0.2 + 0.1 * grade,
                face_px=300.0 + grade,
                visible=dict.fromkeys(ZONES, 0.9),
                zones=ZONES,
            )
        )
    return labels, results, readings


@pytest.fixture(scope="module")
def evaluation():
    labels, results, readings = small()
    other = {r.photo: replace(r, grade=3 - r.grade, count=9.0 - r.grade) for r in results}
    naive = {r.photo: replace(r, fold=int(r.photo[0])) for r in results}
    return summarise(
        CONDITIONS["acne"],
        labels,
        results,
        readings=readings,
        against=other,
        naive=naive,
        pairs=[("00.jpg", "11.jpg", "flip")],
        rounds=20,
        models=("acne-x@1",),
        notes=("Mind the folds.",),
    )


@pytest.fixture(scope="module")
def page(evaluation):
    return render_evaluation(evaluation)


def test_the_page_loads_nothing_and_shows_no_picture(page):
    for unwanted in ("<img", "<script", "http", "src=", "url(", "@import"):
        assert unwanted not in page


def test_the_page_names_no_photo_and_no_person(evaluation, page):
    assert not [r.photo for r in evaluation.photos if r.photo in page]


def test_the_page_says_every_cell_of_every_table_and_escapes_names(evaluation, page):
    assert "<b>anna" not in page
    assert "&lt;b&gt;anna" in page
    assert "Mind the folds." in page
    for table in tables(evaluation):
        assert all(f"<td>{escape(cell)}</td>" in page for row in table.rows for cell in row)


def test_page_and_terminal_show_the_same_tables_and_sentences(evaluation, page):
    text = as_text(evaluation)
    assert all(cell in text for table in tables(evaluation) for row in table.rows for cell in row)
    assert all(line in text for line in headlines(evaluation))
    assert all(f"<li>{escape(line)}</li>" in page for line in headlines(evaluation))


def test_the_confusion_matrix_is_on_the_page_and_in_the_terminal(evaluation, page):
    row = page[page.index("<tr><td>3 very severe</td>") :].split("</tr>")[0]
    assert ">3<small>100 %</small>" in row
    assert re.search(r"3 very severe +0 +0 +3 +0", as_text(evaluation))


def test_every_part_has_its_figures(evaluation):
    drawn = {part.title: len(part.figures) for part in displays(evaluation)}
    assert drawn["Beside the human readers"] == 4 + 1
    assert drawn["Whether probabilities come true"] == 3
    assert drawn["How far the network differs from the readers and from the count"] == 2
    assert drawn["By group"] == 1
    assert drawn["What a naive split would have claimed"] == 2
    assert "Beside another network" in drawn
    assert "Whether intervals hold the truth" in drawn


def test_figures_are_well_formed_and_stay_within_their_frame(evaluation):
    figures = [figure for part in displays(evaluation) for figure in part.figures]
    for figure in figures:
        drawing = ElementTree.fromstring(figure.svg)
        _, _, width, height = map(float, drawing.attrib["viewBox"].split())
        for circle in drawing.iter("circle"):
            assert 0 <= float(circle.attrib["cx"]) <= width, figure.title
            assert 0 <= float(circle.attrib["cy"]) <= height, figure.title
        assert drawing.find("title") is not None


def test_a_dot_stands_for_every_reader_and_photo_of_the_object(evaluation):
    figures = {figure.title: figure.svg for part in displays(evaluation) for figure in part.figures}
    assert figures["Network and readers' mean"].count("<circle") == len(evaluation.cases)
    assert figures["Quadratic kappa against the published grade"].count("<circle") == 3
    assert figures["Mean absolute error by group"].count("<circle") == len(evaluation.subgroups)
    assert figures["Bland-Altman: expected grade and the readers' mean"].count("<circle") == 12


def test_the_record_holds_the_figures_of_the_tables(evaluation):
    record = evaluation.record()
    kappa = record["human_ceiling"]["quadratic_kappa"]["readers"]["ben"]["difference"]
    said = shown(evaluation.ceiling[0].readers["ben"].difference, signed=True)
    assert said.startswith(f"{kappa['value']:+.2f}")
    for part in ("reliability", "bland_altman", "subgroups", "interval_coverage", "against", "leakage"):
        assert record[part], part


def test_without_readers_and_measures_the_page_still_comes():
    labels, results, _ = small()
    bare = [
        PhotoResult(r.photo, "", True, grade=r.grade, probabilities=r.probabilities, score=r.score, count=r.count)
        for r in results
    ]
    found = summarise(CONDITIONS["acne"], labels, bare, rounds=10)
    titles = [part.title for part in displays(found)]
    assert "Beside the human readers" not in titles
    assert "By group" not in titles
    assert "Whether intervals hold the truth" not in titles
    assert "<h2>Photos</h2>" in render_evaluation(found)


def test_labels_from_1_to_5_make_a_page_of_their_own_scale():
    labels, results, _ = small()
    labels = [PhotoLabel(x.photo, x.subject, x.grade + 1.0) for x in labels]
    page = render_evaluation(summarise(CONDITIONS["acne"], labels, results, scale=ACNE_5, rounds=10))
    assert "2 Almost clear" in page
    assert "The score against the published grade" in page


def test_every_element_is_closed(page):
    open_now = []

    class Walk(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag not in ("meta", "br", "line", "circle", "rect"):
                open_now.append(tag)

        def handle_endtag(self, tag):
            if tag not in ("line", "circle", "rect"):
                assert open_now.pop() == tag

    Walk().feed(page)
    assert open_now == []
