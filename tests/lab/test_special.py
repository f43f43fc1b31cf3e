"""No packet to a special-purpose address, whatever the DNS says; the firewall counts."""

from pathlib import Path

from tests.lab.lab import Lab
from tests.lab.scanning import compare, few_of_each, scan, summary, truth_about
from tests.lab.world import SPECIAL


def test_nothing_is_sent_to_special_purpose_addresses(lab: Lab, tmp_path: Path) -> None:
    inventory = few_of_each(lab, tmp_path, len(SPECIAL), kinds=["special", "onespecial", "healthy"])
    lab.reset_counters()
    outcome = scan(lab, tmp_path, inventory=inventory)
    counted = lab.counters()
    assert outcome.code == 0, outcome.stderr
    assert (counted["special6"], counted["special4"]) == (0, 0)
    assert counted["tcp6_syn"] > 0, "the scan sent nothing at all, so this proves nothing"
    wrong = compare(truth_about(lab, inventory), outcome.verdicts)
    assert not wrong, summary(wrong)


def test_every_block_is_in_the_world(lab: Lab) -> None:
    """The test above is only as good as the list: each block occurs among the names scanned."""
    variants = {row["variant"] for row in lab.truth() if row["class"] == "special"}
    assert variants >= set(range(len(SPECIAL)))
