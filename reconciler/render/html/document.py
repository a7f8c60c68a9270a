"""A whole page: it asks nobody for anything, and its policy lets it run nothing but what its hashes name."""

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files

from reconciler.render.html.markup import Child, Html, element, join, raw

CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:"
ICON = (  # a dot in the colour of the state
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>"
    "<circle cx='8' cy='8' r='7' fill='%23{}'/></svg>"
)
COLOURS = {  # of icons, which the style does not reach
    "clean": "12996b",
    "security": "d92d20",
    "availability": "dc6803",
    "configuration": "2e74e0",
    "tags": "667085",
    "failed": "c11574",
}
OTHER_COLOUR = "98a2b3"


def document(title: str, state: str, head: Child, body: Child) -> str:
    """Return a page in the common style. `state` is the word of its verdict, which colours its icon."""
    icon = ICON.format(COLOURS.get(state, OTHER_COLOUR))
    head = element(
        "head",
        element("meta", charset="utf-8"),
        head,
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("link", rel="icon", href=icon),
        element("style", raw(style())),
    )
    return join(raw("<!doctype html>\n"), element("html", head, element("body", body), lang="en"), "\n")


@cache
def style() -> str:
    """Return the style of all pages."""
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def hash_of(code: str) -> str:
    """Return the hash by which a content security policy allows this style or script."""
    return f"'sha256-{b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def policy_in_page() -> Html:
    """Return the policy of a page without a script, as the element that a file has in place of a header."""
    policy = f"{CLOSED}; style-src {hash_of(style())}"
    return element("meta", http_equiv="Content-Security-Policy", content=policy)
