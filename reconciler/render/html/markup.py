"""Markup that is escaped by construction: whatever is put into an element, and is no markup itself, is text."""

from collections.abc import Iterable
from typing import TypeAlias

from reconciler.render.hostile import for_html

VOID = frozenset({"br", "input", "link", "meta"})  # elements that have no end


class Html(str):
    """Markup. Only the functions of this module make it, and what is formatted with it becomes a plain text."""

    __slots__ = ()


Child: TypeAlias = "str | Iterable[Child] | None"  # a text that is no `Html` is escaped


def element(tag: str, *children: Child, **attributes: str | bool | None) -> Html:
    """Return an element. Attributes of None or False are left out; `class_` is `class`, `data_key` data-key."""
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    start = f"<{tag}{written}>"
    return Html(start if tag in VOID else f"{start}{join(*children)}</{tag}>")


def join(*children: Child) -> Html:
    """Return the children one after the other."""
    return Html("".join(map(_markup, children)))


def _markup(child: Child) -> str:
    match child:
        case None:
            return ""
        case Html():
            return child
        case str():
            return for_html(child)
    return join(*child)


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{for_html(value)}"'


def between(separator: str, children: Iterable[Child]) -> Html:
    """Return the children that are not empty, with the separator between them."""
    shown = [markup for markup in map(_markup, children) if markup]
    return Html(for_html(separator).join(shown))


def raw(code: str) -> Html:
    """Return style or script of this package as the content of its element, which knows no escapes.

    Raises `ValueError` if it could end the element.
    """
    if "</" in code or "<!--" in code:
        raise ValueError("it could end its element")
    return Html(code)
