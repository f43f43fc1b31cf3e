"""Numbers of things in the sentences of the command line, which speaks English."""


def several(number: int, one: str, more: str = "") -> str:
    """``1 asset``, ``2 assets``; ``more`` is the plural that does not end in s."""
    return f"{number} {one if number == 1 else more or one + 's'}"
