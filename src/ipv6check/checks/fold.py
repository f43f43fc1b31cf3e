"""From the verdicts of an asset's targets to the asset's verdict."""

from collections.abc import Sequence

from msgspec.structs import replace

from ipv6check.model.target import Target
from ipv6check.model.verdict import NOTHING_TO_TEST, Status, Verdict, best, worst


def fold(found: Sequence[tuple[Target, Verdict]]) -> Verdict:
    """The verdict that decides, of one rule over the targets of one asset; ``found`` is not empty.

    Within an ``any_of`` group the best counts, between groups and single targets the worst
    (fail > unknown > pass > not-applicable). A target that is not required never decides; if there is no other, the
    rule is not applicable. Of several targets the arg ``target`` names the deciding one.
    """
    if len(found) == 1 and found[0][0].required:  # nearly every asset
        return found[0][1]
    single: list[Verdict] = []
    groups: dict[str, list[Verdict]] = {}
    for target, verdict in found:
        if not target.required:
            continue
        named = replace(verdict, args=verdict.args | {"target": target.key})
        if target.any_of:
            groups.setdefault(target.any_of, []).append(named)
        else:
            single.append(named)
    deciding = single + [best(group) for group in groups.values()]
    if not deciding:
        return Verdict(rule=found[0][1].rule, status=Status.NOT_APPLICABLE, tag=NOTHING_TO_TEST)
    return worst(deciding)
