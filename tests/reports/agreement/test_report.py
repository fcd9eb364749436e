"""The raters' report stands alone, runs nothing, and lets no rater's name out of its place."""

import re

from dermagrade.evaluation.raters.report import study_raters
from dermagrade.evaluation.statistics.bootstrap import Draws
from dermagrade.reports.agreement.farthest import MOST_DRAWN
from dermagrade.reports.agreement.report import figures, render_agreement, tables
from dermagrade.tables.readings import Reading

FEW = Draws(rounds=20)


def study(*raters):
    grades = {who: [(i + k * (i % 3 == 0)) % 4 for i in range(12)] for k, who in enumerate(raters)}
    return study_raters(
        [Reading(f"{i}.jpg", who, g) for who, own in grades.items() for i, g in enumerate(own)], draws=FEW
    )


def test_the_page_loads_nothing_and_runs_nothing():
    page = render_agreement(study("anna", "ben", "cora"))
    assert "<svg" in page
    assert not re.search(r"<script|<link|<img|@import|url\(|\ssrc=|\son\w+=", page)


def test_names_are_escaped_in_tables_and_figures():
    page = render_agreement(study("<b>&", "ben"))
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;" in page


def by_title(study):
    return {table.title: table for table in tables(study)}


def test_every_rater_has_a_row_and_the_worst_is_marked():
    found = by_title(study("anna", "ben", "cora"))
    assert [row[0] for row in found["Bias and spread of the raters"].rows] == ["anna", "ben", "cora"]
    assert sum("*" in row[1] for row in found["RMSE of each rater to the consensus"].rows) == 1
    assert [row[0] for row in found["Each rater minus the others"].rows] == ["anna", "ben", "cora"]


def test_one_rater_makes_a_page_that_says_what_cannot_be_told():
    page = render_agreement(study("anna"))
    assert "cannot be told" in page
    assert "undefined" in page


def test_reliability_and_what_it_takes_stand_in_tables_and_figures():
    found = study("anna", "ben", "cora")
    made = by_title(found)
    single = found.reliability.forms["2,1"].value
    assert f"{single:.2f}" in made["Intraclass correlations"].rows[1][1]
    assert len(made["Intraclass correlations"].rows) == 6
    assert len(made["Smallest number of raters"].rows) == len(made["Photos for a further study"].rows) == 4
    drawn = [figure.title for figure in figures(found)]
    for title in ("Agreement of single readings", "Reliability by the number of raters", "Distance to the consensus"):
        assert title in drawn
    assert sum("minus the mean of the others" in title for title in drawn) == 3


def test_the_course_against_the_golden_set_is_drawn_in_the_raters_order():
    readings = [Reading(f"{i}.jpg", who, (i % 4) + i / 8, 1, i) for i in range(24) for who in ("anna", "ben")]
    found = study_raters(readings, golden={f"{i}.jpg": float(i % 4) for i in range(12)}, draws=FEW)
    page = render_agreement(found)
    assert by_title(found)["Against the golden set"].rows[0][0] == "anna"
    assert "anna drifts against the golden set" in page
    assert page.count("place in the rater&#x27;s order") == 4  # two raters, against the golden set and the others


def test_the_report_draws_the_farthest_of_many_raters_alone():
    many = [Reading(f"{i}", f"R{k:02d}", i % 4 + k / 10) for i in range(8) for k in range(20)]
    drawn = [f.title for f in figures(study_raters(many, draws=FEW)) if "minus the mean" in f.title]
    assert len(drawn) == MOST_DRAWN
    assert any(title.startswith("R00 ") for title in drawn)
    assert not any(title.startswith("R10 ") for title in drawn)
