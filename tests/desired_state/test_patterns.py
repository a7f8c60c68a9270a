import re
from itertools import product

import pytest

from desired_state.patterns import takes_all

PATTERNS = ["".join(p) for length in range(4) for p in product("a*?", repeat=length)]
WORDS = ["".join(w) for length in range(6) for w in product("ab", repeat=length)]


def words_of(pattern: str) -> set[str]:
    """Return the words that a pattern matches, by a regular expression."""
    parts = {"*": ".*", "?": "."}
    return {w for w in WORDS if re.fullmatch("".join(parts.get(c, re.escape(c)) for c in pattern), w)}


def test_a_yes_is_certain_for_every_pair_of_short_patterns_and_a_no_is_right_for_those_without_a_question_mark():
    matched = {pattern: words_of(pattern) for pattern in PATTERNS}
    for pattern, other in product(PATTERNS, PATTERNS):
        is_so = matched[other] <= matched[pattern]
        said = takes_all(pattern, other)
        assert said == is_so or (is_so and "?" in pattern), (pattern, other)


@pytest.mark.parametrize(
    ("pattern", "other", "expected"),
    [
        ("/api/*", "/api/v1/*", True),
        ("/api/*", "/api", False),
        ("/api*", "/api/*", True),
        ("/API/*", "/api/x", False),
        ("*.example.com", "shop.example.com", True),
        ("*.example.com", "example.com", False),
        ("/*.jpg", "/img/*", False),
        ("/*a*" * 30, "/" + "a" * 127, False),
    ],
)
def test_patterns_of_routes(pattern, other, expected):
    assert takes_all(pattern, other) is expected
