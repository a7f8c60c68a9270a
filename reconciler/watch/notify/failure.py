"""Why a message could not be sent."""


class Undeliverable(Exception):
    """A message could not be sent. The text never holds the URL, which is a secret."""

    def __init__(self, why: str, *, again: bool = False, ends: bool = False) -> None:
        super().__init__(why)
        self.again = again  # it may work later
        self.ends = ends  # the receiver wants no more messages (410)
