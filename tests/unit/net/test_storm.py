"""When an address that resets one connection after another is left alone."""

from ipv6check.net.storm import FIRST_S, IN_A_ROW, LONGEST_S, ResetStorms

HOST, OTHER = "2001:db8::1", "2001:db8::2"


def pauses(storms: ResetStorms, address: str, resets: int) -> list[float]:
    return [storms.reset(address) for _ in range(resets)]


def test_a_closed_port_and_its_retries_are_no_storm() -> None:
    assert not any(pauses(ResetStorms(), HOST, IN_A_ROW - 1))


def test_ten_resets_in_a_row_ask_for_a_pause_and_only_at_the_tenth() -> None:
    assert pauses(ResetStorms(), HOST, IN_A_ROW) == [0.0] * (IN_A_ROW - 1) + [FIRST_S]


def test_the_pause_grows_while_the_resets_go_on_but_not_for_ever() -> None:
    found = [pause for pause in pauses(ResetStorms(), HOST, 20 * IN_A_ROW) if pause]
    assert found[:4] == [5.0, 10.0, 20.0, LONGEST_S]
    assert set(found[3:]) == {LONGEST_S}


def test_any_other_ending_begins_the_count_anew() -> None:
    storms = ResetStorms()
    pauses(storms, HOST, IN_A_ROW - 1)
    storms.calm(HOST)
    assert not any(pauses(storms, HOST, IN_A_ROW - 1))


def test_addresses_are_counted_apart() -> None:
    storms = ResetStorms()
    pauses(storms, HOST, IN_A_ROW - 1)
    assert storms.reset(OTHER) == 0.0
    assert storms.reset(HOST) == FIRST_S


def test_a_million_dead_addresses_take_no_memory() -> None:
    storms = ResetStorms()
    for number in range(5000):
        storms.reset(f"2001:db8::{number:x}")
    assert storms.remembered <= 4096
