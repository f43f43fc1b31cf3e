"""What ``check`` says and leaves with when it has looked."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ipv6check.cli.exits import Exit, LateTrouble, save_trace
from ipv6check.cli.orders import STANDARD_OUTPUT, Order
from ipv6check.cli.wording import several
from ipv6check.compliance.pipeline import Answer
from ipv6check.model.trouble import Trouble
from ipv6check.model.vantage import Fitness
from ipv6check.model.verdict import Status
from ipv6check.wiring.pipelines.baseline import Baseline, baseline_lines, baseline_of
from ipv6check.wiring.pipelines.gating import Gated, gated

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing
    from ipv6check.reports.messages import Messages
    from ipv6check.wiring.pipelines.waiting import Waiting

MOST_NAMES = 5
"""Names in one line of progress."""

_EXITS = {
    Answer.PASSED: Exit.GOOD,
    Answer.FAILED: Exit.FINDINGS,
    Answer.UNDECIDED: Exit.UNTRUSTWORTHY,
    Answer.NOTHING: Exit.UNTRUSTWORTHY,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask to be written and said."""

    reports: tuple[Order, ...]
    baseline: Baseline | None
    write_baseline: Path | None
    lang: str
    quiet: bool = field(kw_only=True)

    @property
    def known(self) -> Baseline:
        """The failures that do not count; none without a baseline."""
        return self.baseline or Baseline()

    def tell(self, waiting: Waiting) -> None:
        """A line of progress on stderr: what is waited for, and when it is looked at again."""
        if self.quiet:
            return
        from ipv6check.cli.output import chosen_language
        from ipv6check.reports.inert import inert
        from ipv6check.reports.messages import Messages

        template = Messages(chosen_language(self.lang)).word("check", f"wait-{waiting.step.value}")
        names = ", ".join(map(inert, waiting.names[:MOST_NAMES])) + (" …" if len(waiting.names) > MOST_NAMES else "")
        sys.stderr.write(template.format(names=names, pause=round(waiting.pause_s), ttl=round(waiting.ttl_s)) + "\n")
        sys.stderr.flush()

    def written(self, found: Gated) -> Gated:
        """Write the new baseline, if one is wanted, and count what it holds no more. Raises LateTrouble."""
        if self.write_baseline is None:
            return found
        from ipv6check.cli.output import write

        fresh = baseline_of(found.standing, self.known)
        try:
            write(baseline_lines(fresh), str(self.write_baseline))
        except Trouble as trouble:
            raise LateTrouble(str(trouble)) from trouble
        return replace(gated(found.checked, fresh), mended=found.mended)


def emit_reports(found: Gated, wanted: Wanted, lang: str) -> None:
    """Every report that was asked for. Raises LateTrouble if one cannot be written."""
    from ipv6check.cli.output import chosen_language, emit, write
    from ipv6check.reports.pipelines.as_check import render

    try:
        for order in wanted.reports:
            if order.format == "text":
                write(render(found.standing, found.checked.evidence, chosen_language(lang)), order.output)
            else:
                emit(found.standing, format=order.format, output=order.output, language=lang)
    except Trouble as trouble:
        raise LateTrouble(str(trouble)) from trouble


def tell_remarks(found: Gated, wanted: Wanted, lang: str) -> None:
    """What a person must know besides, and the answer in one line, on stderr."""
    checked = found.checked
    if checked.crashes:
        path = save_trace("\n".join(checked.crashes))
        sys.stderr.write(f"ipv6check: {several(len(checked.crashes), 'internal error')}; the traces are in {path}\n")
    if wanted.quiet:
        return
    from ipv6check.cli.output import chosen_language
    from ipv6check.reports.messages import Messages

    messages = Messages(chosen_language(lang))
    for line in _remarks(found, wanted, messages):
        sys.stderr.write(line + "\n")
    if any(order.output == STANDARD_OUTPUT for order in wanted.reports):
        sys.stdout.flush()
    sys.stderr.write(f"{messages.word('check', _answer(found))}\n")


def _answer(found: Gated) -> str:
    """The word for the answer; that something passed is told with what was left out of account."""
    if found.answer is not Answer.PASSED:
        return found.answer.value
    if any(rated.accepted for asset in found.standing.assets for rated in asset.verdicts):
        return "passed-but-known"
    return "passed-dns-only" if found.checked.request.dns_only else "passed"


def _left_open(standing: Standing) -> bool:
    """True if something could not be told, so that the vantage matters."""
    return any(rated.verdict.status is Status.UNKNOWN for asset in standing.assets for rated in asset.verdicts)


def _remarks(found: Gated, wanted: Wanted, messages: Messages) -> list[str]:
    from ipv6check.reports.inert import inert

    say = messages.word
    checked, standing = found.checked, found.standing
    first = checked.scan.vantage.selftests[0]
    lines = []
    if checked.request.dns_only:
        lines.append(say("check", "dns-only"))
    elif first.fitness is Fitness.NO_IPV6:
        lines.append(say("check", "no-ipv6"))
    elif first.fitness is not Fitness.FIT and _left_open(standing):
        lines.append(f"{say('check', 'unfit')} {say('fitness', first.fitness.value)}")
    if checked.request.stated:
        lines.append(f"{say('check', 'stated')}: {', '.join(sorted(checked.request.stated))}")
    if checked.timed_out:
        lines.append(say("check", "timed-out"))
    if checked.signal:
        lines.append(say("check", "interrupted"))
    if standing.unlisted:
        lines.append(f"{say('report', 'unlisted')}: {standing.unlisted}")
    accepted = sum(rated.accepted for asset in standing.assets for rated in asset.verdicts)
    if accepted:
        lines.append(f"{say('check', 'accepted-count')}: {accepted}")
    lines += [f"{say('check', 'mended')}: {entry.rule} {inert(entry.name)}" for entry in found.mended]
    if wanted.write_baseline is not None:
        lines.append(f"{say('check', 'baseline-written')}: {wanted.write_baseline}")
    return lines


def exit_code(found: Gated, fail_on: str) -> int:
    """0 passed, 1 failed, 3 undecided or nothing to judge; see ``cli.exits``."""
    if found.checked.signal:
        return 128 + found.checked.signal
    if found.checked.crashes:
        return Exit.INTERNAL
    if found.answer is Answer.UNDECIDED and fail_on == "unknown":
        return Exit.FINDINGS
    if fail_on == "never" and found.answer is not Answer.NOTHING:
        return Exit.GOOD
    return _EXITS[found.answer]
