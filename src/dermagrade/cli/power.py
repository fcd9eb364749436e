"""``dermagrade power``: how many people a study needs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dermagrade.assess.photo import choose_conditions
from dermagrade.cli.output import json_line, print_line, shown, write_file
from dermagrade.conditions import CONDITIONS
from dermagrade.evaluation.planning.grader_noise import noise_of
from dermagrade.evaluation.planning.power import DESIGNS, DESIGNS_IN_WORDS, Trial
from dermagrade.evaluation.planning.power_analysis import PowerAnalysis, plan_study
from dermagrade.reports.power import headline, render_power, tables
from dermagrade.scales import SCALES
from dermagrade.weights.store import find_weights

#: The spread of severity over people, as a share of the scale, where the call does not name it.
BASELINE_SHARE = 0.2


def add_parser(subparsers: argparse._SubParsersAction[Any]) -> None:
    """Adds the command's arguments."""
    parser = subparsers.add_parser(
        "power",
        help="say how many people a study needs",
        description="How many people a study needs to find a change, when photos are graded by the condition's "
        "network. All sizes are grades of the condition's scale. The network's noise comes from its manifest "
        "(metrics.study), unless --noise is given.",
    )
    parser.add_argument("condition", metavar="CONDITION", help=f"one of: {', '.join(CONDITIONS)}")
    parser.add_argument("--effect", type=float, required=True, metavar="D", help="mean true change to be found")
    designs = "; ".join(f"{name}: {DESIGNS_IN_WORDS[name]}" for name in DESIGNS)
    parser.add_argument("--design", choices=DESIGNS, default="parallel", help=f"{designs} (default: %(default)s)")
    parser.add_argument(
        "--sd-change",
        type=float,
        default=1.0,
        metavar="SD",
        help="standard deviation of the true change over people (default: 1)",
    )
    parser.add_argument(
        "--sd-baseline",
        type=float,
        metavar="SD",
        help="standard deviation of the true severity over people, for ancova (default: a fifth of the scale)",
    )
    parser.add_argument("--photos", type=int, default=1, metavar="N", help="photos at each visit (default: 1)")
    parser.add_argument("--power", type=float, default=0.8, metavar="P", help="default: %(default)s")
    parser.add_argument(
        "--alpha", type=float, default=0.05, metavar="P", help="two-sided significance level (default: %(default)s)"
    )
    parser.add_argument("--dropout", type=float, default=0.0, metavar="SHARE", help="who are lost (default: none)")
    parser.add_argument(
        "--noise", type=float, metavar="SD", help="standard deviation of the scores of retakes, one photo each"
    )
    parser.add_argument("--correlation", type=float, metavar="R", help="correlation of score and truth over people")
    parser.add_argument("--rmse", type=float, metavar="E", help="RMSE of single photos against the truth, for ancova")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a report, one HTML file")


def run(args: argparse.Namespace) -> int:
    """Plans the study, prints it, and writes the report."""
    (condition,) = choose_conditions([args.condition])
    scale = SCALES[condition.scale]
    weights = find_weights(condition.weights) if condition.weights is not None and condition.ships else None
    noise = noise_of(
        {} if weights is None else weights.manifest.metrics,
        condition.name,
        noise=args.noise,
        rmse=args.rmse,
        correlation=args.correlation,
    )
    spread = BASELINE_SHARE * (scale.high - scale.low) if args.sd_baseline is None else args.sd_baseline
    trial = Trial(
        effect=args.effect,
        sd_change=args.sd_change,
        sd_baseline=spread,
        design=args.design,
        photos=args.photos,
        power=args.power,
        alpha=args.alpha,
        dropout=args.dropout,
    )
    model = weights.id if weights is not None and args.noise is None else None
    analysis = plan_study(trial, noise, condition=condition.name, scale=scale.id, model=model)
    print_line(json_line(analysis.record()) if args.json else as_text(analysis))
    if args.report is not None:
        write_file(args.report, render_power(analysis).encode())
    return 0


def as_text(analysis: PowerAnalysis) -> str:
    """The plan as tables to read in a terminal."""
    lines = [headline(analysis), *analysis.notes]
    for table in tables(analysis):
        rows = table.rows if not any(table.columns) else (table.columns, *table.rows)
        lines += ["", table.title, *_columns(rows)]
    return "\n".join(shown(line) for line in lines)


def _columns(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join((row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)))).rstrip()
        for row in rows
    ]
