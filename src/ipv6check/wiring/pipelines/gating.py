"""From what a check found to what a pipeline is told."""

from dataclasses import dataclass

from ipv6check.compliance.pipeline import Answer, answer
from ipv6check.model.standing import Standing
from ipv6check.wiring.pipelines.baseline import Baseline, Entry, accepting, forgiven, mended_of
from ipv6check.wiring.pipelines.checking import Checked


@dataclass(frozen=True, slots=True)
class Gated:
    """``standing`` is what is reported, accepted failures marked; ``mended`` are the baseline's that are gone."""

    checked: Checked
    standing: Standing
    answer: Answer
    mended: tuple[Entry, ...] = ()


def gated(checked: Checked, baseline: Baseline) -> Gated:
    """The answer over every asset in scope; failures in the baseline count as passes, for the answer only."""
    standing = checked.standing()
    if not baseline.findings:
        return Gated(checked, standing, answer(one.readiness for one in standing.assets))
    assets = checked.request.subjects.listed
    counted = checked.standing(forgiven(assets, {one.id: checked.verdicts(one) for one in assets}, baseline))
    return Gated(
        checked,
        accepting(standing, baseline),
        answer(one.readiness for one in counted.assets),
        tuple(mended_of(standing, baseline)),
    )
