"""An evaluation in a few sentences, each with its figures."""

from __future__ import annotations

from dermagrade.evaluation.cases import fine
from dermagrade.evaluation.human_ceiling import Ceiling
from dermagrade.evaluation.measure import Evaluation
from dermagrade.reports.estimate_text import named, share, shown


def headlines(evaluation: Evaluation) -> list[str]:
    """The sentences that stand at the top of the report, made from the same values as its tables."""
    coverage, grade = evaluation.metrics["coverage"], evaluation.metrics["grade"]["network"]
    kappa = grade["quadratic_kappa"]
    over = f"over {kappa.photos} photos of {kappa.persons} persons"
    said = [f"{coverage['answered']} of {coverage['photos']} photos were graded, {share(coverage['share'])}."]
    if fine(evaluation.scale) and evaluation.cases:
        value = evaluation.metrics["value"]["network"]
        said.append(
            f"Against the published grade: RMSE {shown(value['rmse'])}, Pearson correlation {shown(value['pearson'])}, "
            f"within 1 grade {share(value['within_1.0'])}, band right {share(value['band_accuracy'])}, {over}."
        )
    else:
        said.append(
            f"Against the published grade: quadratic kappa {shown(kappa)}, balanced accuracy "
            f"{shown(grade['balanced_accuracy'])}, {over}."
        )
    said += [_among_readers(ceiling) for ceiling in evaluation.ceiling]
    interval = evaluation.coverage.get("interval")
    if interval:
        held = interval[0]
        said.append(
            f"The score's interval held the truth in {share(held.held)}, at a mean width of {held.size.value:.2f}."
        )
    if evaluation.against:
        pair = evaluation.against["quadratic_kappa"]
        said.append(
            f"Beside the other network, quadratic kappa differs by {shown(pair.difference, signed=True)}: {pair.words}."
        )
    audit = evaluation.leakage
    if audit is not None:
        pair, leaked = audit.figures["all photos"]["quadratic_kappa"], audit.leaked["naive"]["any kind"]
        said.append(
            f"A naive split has the person or a copy of {leaked} of {audit.photos} photos in its training part, and "
            f"changes quadratic kappa by {shown(pair.difference, signed=True)}."
        )
    return said


def _among_readers(ceiling: Ceiling) -> str:
    by = {word: [n for n, b in ceiling.readers.items() if b.words == word] for word in ("better", "worse")}
    shown_to = [f"{word} than {_listed(names)}" for word, names in by.items() if names]
    rest = [n for n, b in ceiling.readers.items() if b.words == "no difference shown"]
    if rest:
        shown_to.append(f"no difference shown to {_listed(rest)}")
    return (
        f"By {named(ceiling.measure)} against the {ceiling.against} the network stands {ceiling.verdict} of "
        f"{len(ceiling.readers)} reader{'' if len(ceiling.readers) == 1 else 's'}: {'; '.join(shown_to)}."
    )


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
