"""The error of the embedded AWS's background process."""


class SandboxError(Exception):
    """Says what went wrong with the embedded AWS (`message`), and what to do about it (`remedy`, may be empty)."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n{remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy
