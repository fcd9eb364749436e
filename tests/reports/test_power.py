"""The page on a study's size stands alone, and its figure and tables say the same."""

from __future__ import annotations

import re

import pytest

from dermagrade.evaluation.planning.grader_noise import Noise
from dermagrade.evaluation.planning.power import DESIGNS, Trial
from dermagrade.evaluation.planning.power_analysis import plan_study
from dermagrade.reports.power import curve_figure, headline, render_power, tables


def study(**trial):
    return plan_study(Trial(**({"effect": 0.5} | trial)), Noise(0.4), condition="acne", scale="acne-5", model="m@1")


def test_the_page_loads_nothing_and_runs_nothing():
    page = render_power(study())
    assert "<svg" in page
    assert not re.search(r"<script|<link|<img|@import|url\(|\ssrc=|\son\w+=", page)


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_says_who_is_to_be_enrolled(design):
    one = study(design=design, dropout=0.1)
    assert f"enrol {one.plan.enrolled} people" in headline(one)
    plan, curve, _ = tables(one)
    assert plan.rows[-1][1].startswith(str(one.plan.enrolled))
    assert str(one.plan.enrolled) in next(row for row in curve.rows if row[0] == "0.5")


def test_the_figure_has_a_line_for_each_number_of_photos_and_a_dot_for_each_row():
    one = study(photos=5)
    figure = curve_figure(one)
    assert figure is not None
    assert [f">{n} photo" in figure.svg for n in (1, 2, 3, 4, 5)] == [True, True, True, False, True]
    assert figure.svg.count("<circle") == 4 * len(one.effects)


def test_a_fall_is_drawn_as_well_as_a_rise():
    figure = curve_figure(study(effect=-0.5))
    assert figure is not None
    assert ">-1<" in figure.svg
