"""Marks of fields for which AWS has a default, and that the file may leave open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.model.references import Address


@dataclass(frozen=True)
class AwsDefault:
    """Marks a field with AWS's default. Where the desired value is None, a live value that differs is told.

    It is left as it is: an apply weakens nothing that the file leaves open.
    """

    value: Any
    key: str = ""  # the key of the platform file that names it; empty: the file has none


@dataclass(frozen=True)
class AwsDefaults:
    """Marks a mapping in the same way, for each of these keys that the desired value lacks."""

    by_key: Mapping[str, AwsDefault]


@dataclass(frozen=True)
class NotInFile:
    """Says that a live value is not AWS's default, where the file leaves it open."""

    address: Address
    field: (
        str  # such as `boundary`, `attributes.routing.http2.enabled` or `ingress.tcp 80 10.0.0.0/8.description`
    )
    live: Any
    default: Any  # an empty text: none
    key: str  # see `AwsDefault`
