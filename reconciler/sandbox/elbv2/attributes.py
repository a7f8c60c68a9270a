"""Attributes of load balancers, target groups and listeners, all texts, and the values that each takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.sandbox.elbv2.refusals import invalid


@dataclass(frozen=True)
class Attribute:
    """An attribute with its default and the values that it takes. Without `values` and `numbers`: any text."""

    default: str
    values: tuple[str, ...] = ()
    numbers: range | None = None

    @property
    def is_free(self) -> bool:
        """Whether an empty text resets it: numbers and free texts, and not a choice (cdkd#1609)."""
        return not self.values

    def takes(self, value: str) -> bool:
        """Tell whether this is one of its values."""
        if self.numbers is not None and value.isascii() and value.isdecimal() and int(value) in self.numbers:
            return True
        return value in self.values or (not self.values and self.numbers is None)

    def describe(self) -> str:
        """Return the values that it takes, in words."""
        ranges = f"between '{self.numbers[0]}-{self.numbers[-1]}' inclusive" if self.numbers else ""
        choice = f"one of [{', '.join(self.values)}]" if self.values else ""
        return " or ".join(words for words in (choice, ranges) if words)


def flag(default: str) -> Attribute:
    """Return an attribute that is true or false."""
    return Attribute(default, values=("true", "false"))


def number(default: str, least: int, most: int, *values: str) -> Attribute:
    """Return an attribute that is a number in a range, both ends included, or one of these texts."""
    return Attribute(default, values, range(least, most + 1))


def defaults(known: Mapping[str, Attribute]) -> dict[str, str]:
    """Return the attributes of a new resource."""
    return {key: attribute.default for key, attribute in known.items()}


def take(known: Mapping[str, Attribute], key: str, value: str, *, empty_resets: bool) -> str:
    """Return the value that an attribute then has. Refuses a value that it does not take."""
    attribute = known[key]
    if value == "" and empty_resets and attribute.is_free:
        return attribute.default
    if value == "" and (not empty_resets or not attribute.is_free):
        invalid(f"A value must be specified for the attribute key '{key}'")
    if not attribute.takes(value):
        invalid(f"'{key}' value '{value}' must be {attribute.describe()}")
    return value
