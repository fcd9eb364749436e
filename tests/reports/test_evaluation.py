"""The report of an evaluation is one file without pictures, and says what the tables in the terminal say."""

from dermagrade.cli.evaluate import as_text
from dermagrade.evaluation.acne import PhotoResult, summarise
from dermagrade.evaluation.raters import Reading
from dermagrade.reports.evaluation import render_evaluation, tables
from dermagrade.training.labels import PhotoLabel


def evaluation():
    labels = [PhotoLabel(f"{g}{i}.jpg", f"p{i}", g, count=5 * g) for g in range(4) for i in range(3)]
    readings = [Reading(label.photo, who, label.grade) for label in labels for who in ("<b>anna", "ben")]
    results = []
    for label in labels:
        grade = min(int(label.grade), 2)
        p = tuple(float(k == grade) for k in range(4))
        results.append(
            PhotoResult(label.photo, "", True, grade=grade, probabilities=p, score=2.0, count=4.0, width=9, height=9)
        )
    return summarise(labels, results, readings=readings, rounds=20, models=("acne-x@1",), notes=("Mind the folds.",))


def test_the_page_loads_nothing_and_shows_no_picture():
    page = render_evaluation(evaluation())
    for unwanted in ("<img", "<script", "http", "src=", "url("):
        assert unwanted not in page


def test_the_page_says_every_cell_of_every_table_and_escapes_names():
    found = evaluation()
    page = render_evaluation(found)
    assert "<b>anna" not in page
    assert "&lt;b&gt;anna" in page
    assert "Mind the folds." in page
    for table in tables(found):
        assert table.title in page
        assert all(f"<td>{cell}</td>" in page for row in table.rows for cell in row if "<" not in cell)


def test_page_and_terminal_show_the_same_tables():
    found = evaluation()
    text = as_text(found)
    assert all(cell in text for table in tables(found) for row in table.rows for cell in row)


def test_the_confusion_matrix_is_on_the_page():
    page = render_evaluation(evaluation())
    row = page[page.index("<tr><td>3 very severe</td>") :].split("</tr>")[0]
    assert ">3<small>100 %</small>" in row
