"""The value of a secret, as a parameter of a call. A plan holds what names it, and only the call has it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class SecretValue:
    """The value of a version of a secret in Secrets Manager. It is read each time that the call is made."""

    arn: str
    version: str  # its id
    key: str | None = None  # of the secret's JSON; None: the whole text

    def __str__(self) -> str:
        """Return what is shown in its place, such as `(secret shop/login-a1B2c3, version 6e1c…)`."""
        name = self.arn.partition(":secret:")[2] or self.arn
        return f"(secret {name}{f' key {self.key}' if self.key else ''}, version {self.version})"
