"""The report on how many people a study needs: its figure and its tables come from one object."""

from __future__ import annotations

from itertools import pairwise

from dermagrade import __version__
from dermagrade.evaluation.planning.power import DESIGNS_IN_WORDS
from dermagrade.evaluation.planning.power_analysis import PowerAnalysis
from dermagrade.reports.display import Figure, Table
from dermagrade.reports.drawing import Plot, axis_for
from dermagrade.reports.page_templates import TEMPLATES

_LINES = (("--blue", ""), ("--second", "7 3"), ("--soft", "2 3"), ("--ink", ""))


def headline(analysis: PowerAnalysis) -> str:
    """What the study needs, in one sentence."""
    trial, plan = analysis.plan.trial, analysis.plan
    arms = "" if trial.arms == 1 else f" ({plan.enrolled // trial.arms} in each arm)"
    lost = f" {trial.dropout:.0%} of them may be lost." if trial.dropout else ""
    return (
        f"To find a mean change of {trial.effect:g} on {analysis.scale} with power {trial.power:g} at a level of "
        f"{trial.alpha:g}, with {_photos(trial.photos)} at each visit, enrol {plan.enrolled} people{arms}.{lost}"
    )


def tables(analysis: PowerAnalysis) -> list[Table]:
    """Every table of the report, the same for the page and for the terminal."""
    return [_plan_table(analysis), _curve_table(analysis), _detectable_table(analysis)]


def curve_figure(analysis: PowerAnalysis) -> Figure | None:
    """People to enrol by effect, a line for each number of photos a visit; None where there is nothing to draw."""
    effects = analysis.effects
    counts = list(analysis.detectable)
    people = [analysis.enrolled(effect, n) for effect in effects for n in counts]
    known = [float(v) for v in people if v is not None]
    if not known:
        return None
    x = axis_for(f"mean change to be found, {analysis.scale}", effects)
    plot = Plot(x, axis_for("people to enrol", [0.0, *known]), left=60)
    plot.grid()
    for i, n in enumerate(counts):
        colour, dash = _LINES[i % len(_LINES)]
        points = [(e, float(v)) for e in effects if (v := analysis.enrolled(e, n)) is not None]
        places = [plot.at(*point) for point in points]
        for a, b in pairwise(places):
            plot.rule(*a, *b, f"var({colour})", dash=dash, wide=2)
        for place in places:
            plot.dot(place, radius=3, colour=colour)
        # The key stands where the lines are low: at the largest effects, on the left where effects are below 0.
        y = plot.top + 16 + 17 * i
        x0 = plot.left + (208 if effects[0] > 0 else 8)
        plot.rule(x0, y - 4, x0 + 28, y - 4, f"var({colour})", dash=dash, wide=2)
        plot.text(x0 + 34, y, _photos(n))
    return Figure("People to enrol by effect", plot.svg("People to enrol by effect"), "Lines: photos at each visit.")


def render_power(analysis: PowerAnalysis) -> str:
    """One self-contained HTML page: it loads nothing and runs no script.

    Args:
        analysis: what was planned.
    """
    figure = curve_figure(analysis)
    return TEMPLATES.get_template("power.html").render(
        title=f"How many people a study of {analysis.condition} needs",
        headline=headline(analysis),
        notes=analysis.notes,
        figures=[] if figure is None else [figure],
        tables=tables(analysis),
        version=__version__,
    )


def _plan_table(analysis: PowerAnalysis) -> Table:
    trial, plan, noise = analysis.plan.trial, analysis.plan, analysis.plan.noise
    rows = [
        ("design", DESIGNS_IN_WORDS[trial.design]),
        ("mean true change to be found", f"{trial.effect:g}"),
        ("the same on the score", f"{plan.effect_measured:.2f}"),
        ("spread of the true change over people (sd)", f"{trial.sd_change:g}"),
        ("scatter of one photo's score (sd of retakes)", f"{noise.repeatability_sd:g}"),
        ("photos at each visit", str(trial.photos)),
        ("spread that the effect is held against (sd)", f"{plan.sd:.2f}"),
        ("attenuation of the standardised change", f"{plan.attenuation:.2f}"),
        ("people who must finish", _by_arm(plan.per_arm, trial.arms)),
        ("power that they reach", f"{plan.power:.3f}"),
        ("drop-out", f"{trial.dropout:.0%}"),
        ("people to enrol", _by_arm(plan.enrolled // trial.arms, trial.arms)),
    ]
    if plan.visits_correlation is not None:
        spread = [
            ("spread of the true severity over people (sd)", f"{trial.sd_baseline:g}"),
            ("correlation of the scores of both visits", f"{plan.visits_correlation:.2f}"),
        ]
        rows[6:6] = spread
    return Table(
        "The plan", ("", ""), tuple(rows), f"In grades of {analysis.scale}; noise of {analysis.model or 'the call'}."
    )


def _curve_table(analysis: PowerAnalysis) -> Table:
    rows = []
    for effect in analysis.effects:
        counts = [analysis.enrolled(effect, n) for n in analysis.detectable]
        rows.append((f"{effect:g}", *("too many" if n is None else str(n) for n in counts)))
    columns = ("mean change", *(f"{_photos(n)} a visit" for n in analysis.detectable))
    return Table("People to enrol by effect", columns, tuple(rows), "All arms together; all else as in the plan.")


def _detectable_table(analysis: PowerAnalysis) -> Table:
    rows = tuple((_photos(n), f"{size:.2f}") for n, size in analysis.detectable.items())
    note = (
        "A smaller change of one person's score may be chance: 95 of 100 people who did not change stay below it "
        "(1.96 times the root of 2 times the sd of retakes, over the root of the photos)."
    )
    return Table("The smallest detectable change of one person", ("photos a visit", analysis.scale), rows, note)


def _by_arm(count: int, arms: int) -> str:
    return str(count) if arms == 1 else f"{count * arms} ({count} an arm)"


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count} photos"
