"""Services whose changes are alike but for their names: a long plan shows those of one of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap

from reconciler.render.own_names import hide_names

FEWEST = 10  # services that are alike, from which on they are shown once
WIDTH = 100  # of a line with names


@dataclass(frozen=True)
class Section:
    """The lines about a service's changes, or about those of the platform."""

    heading: str
    lines: tuple[str, ...]
    service: str = ""
    ids: tuple[str, ...] = ()  # AWS's, in the lines

    @property
    def template(self) -> tuple[str, ...]:
        """The lines with a mark in place of the service's own name and AWS's ids."""
        return hide_names(self.lines, (self.service, *self.ids))


def fold_alike(sections: Iterable[Section], fewest: int = FEWEST) -> Iterator[tuple[Section, list[str]]]:
    """Yield the sections, and with each the names of the services whose sections it stands for.

    It stands for others if at least so many services are alike but for their names.
    """
    found, alike = [], defaultdict[tuple[str, ...], list[str]](list)
    for section in sections:
        names = alike[section.template] if section.service else []
        names.append(section.service)
        found.append((section, names))
    for section, names in found:
        if len(names) < fewest:
            yield section, []
        elif names[0] == section.service:
            yield section, names[1:]


def format_others(services: list[str]) -> Iterator[str]:
    """Yield lines that name the services a section stands for."""
    yield f"{len(services)} more services have the same changes, each under its own name:"
    text = ", ".join(services)
    yield from wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
