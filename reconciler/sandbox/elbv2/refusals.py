"""Refusals of ELBv2 in its words, for checks of all kinds of resources."""

from typing import NoReturn

from moto.elbv2.exceptions import ELBClientError

from reconciler.sandbox.refusal import make_known


def refuse(code: str, message: str) -> NoReturn:
    """Raise the refusal with this code, as it is on the wire."""
    make_known(code)
    raise ELBClientError(code, message)


def invalid(message: str) -> NoReturn:
    """Refuse what can never be right, whatever there is in the account."""
    refuse("ValidationError", message)


def misconfigured(message: str) -> NoReturn:
    """Refuse settings that do not go together, or not with what there is."""
    refuse("InvalidConfigurationRequest", message)
