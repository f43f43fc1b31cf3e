"""What a person can put right: a wrong option, file, or database."""


class Trouble(Exception):
    """``str()`` is one clear sentence that says what is wrong, where, and what to do; it holds no secret."""


class MissingExtra(Trouble):
    """An optional part is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part; install it with: pip install 'ipv6check[{extra}]'")
