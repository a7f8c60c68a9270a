"""The error of the embedded AWS's background process."""


class SandboxError(Exception):
    """Raised if the embedded AWS cannot be used. It has a `message` and a `remedy`, which may be empty."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(f"{message}\n{remedy}" if remedy else message)
        self.message = message
        self.remedy = remedy
