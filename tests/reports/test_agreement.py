"""The raters' report stands alone, runs nothing, and lets no rater's name out of its place."""

import re

from dermagrade.evaluation.agreement import Draws
from dermagrade.evaluation.rater_study import study_raters
from dermagrade.evaluation.raters import Reading
from dermagrade.reports.agreement import render_agreement, tables

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


def test_every_rater_has_a_row_and_the_worst_is_marked():
    bias, ceiling = tables(study("anna", "ben", "cora"))[:2]
    assert [row[0] for row in bias.rows] == ["anna", "ben", "cora"]
    assert sum("*" in row[1] for row in ceiling.rows) == 1


def test_one_rater_makes_a_page_that_says_what_cannot_be_told():
    page = render_agreement(study("anna"))
    assert "cannot be told" in page
    assert "undefined" in page
