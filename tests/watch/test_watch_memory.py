"""What outlives a process."""

import zlib
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.watch.memory import LARGEST, Corrected, Memory, Remembered, decode, encode

MEMORY = Memory(
    {"log_group.web": Remembered("2026-11-27T22:14:03+00:00", "tags", told=True)}, digest="d", rounds=True
)


def test_it_is_read_as_it_was_written():
    corrected = {
        "ecs_service.web.desired_count": Corrected(3, "2026-11-27T22:14:03+00:00", "1a", "user alice", 2)
    }
    for memory in (Memory(), MEMORY, Memory(MEMORY.known, corrected, "d", rounds=True)):
        assert decode(encode(memory)) == memory


def test_it_never_grows_beyond_what_an_item_may_hold():
    many = {
        f"security_group_rules.{n * 7919:x}.ingress.{n * 104729:x}": Remembered(f"{n}", "security")
        for n in range(9000)
    }
    text = encode(Memory(many, rounds=True))
    kept = decode(text)
    assert len(text) <= LARGEST
    assert kept.known
    assert kept.known.items() <= many.items()


@pytest.mark.parametrize(
    "text",
    [
        "not base64!",
        b64encode(b"no zlib").decode(),
        encode(MEMORY)[:-8],
        encode(Memory(corrected={"x": Corrected("many", "", "")})),  # type: ignore[arg-type]
    ],
)
def test_what_another_program_wrote_is_begun_anew(text: str):
    assert decode(text) == Memory()


@given(st.text())
def test_no_text_ends_a_round(text: str):
    decode(text)


def test_a_text_that_unpacks_to_gigabytes_is_not_unpacked():
    document = zlib.decompress(b64decode(encode(MEMORY)))
    for spaces, found in ((2**10, MEMORY), (2**24, Memory())):
        assert decode(b64encode(zlib.compress(document + b" " * spaces, 9)).decode()) == found
