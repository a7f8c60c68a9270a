"""What must outlive a process: since when a difference is known, who was told, and how often it was corrected.

It is an attribute of the stack's item in the lease table. No decision but that of contested fields rests on it:
if it is lost, a message comes twice, and a contested field is corrected once more.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog

log = structlog.get_logger()

LARGEST = 65_536  # characters of the attribute
LARGEST_READ = (
    2**22
)  # bytes that it may unpack to: another program's, or a broken one, shall not fill the memory


@dataclass(frozen=True)
class Remembered:
    """A difference that was there at the end of the last round."""

    since: str  # when it was first seen, as in 2026-11-27T22:14:03+00:00
    severity: str
    told: bool = False  # a notification said that it appeared


@dataclass(frozen=True)
class Corrected:
    """What was corrected, and may come back."""

    times: int  # how often
    at: str  # when last
    live: str  # a digest of the value that was wrong
    by: str = ""  # who had changed it, as far as AWS told
    good: int = 0  # rounds since then in which it was as desired


@dataclass(frozen=True)
class Memory:
    """All that is remembered of a stack, by `Difference.key`."""

    known: Mapping[str, Remembered] = field(default_factory=dict)
    corrected: Mapping[str, Corrected] = field(default_factory=dict)
    digest: str = ""  # of the file that the last round was for
    rounds: bool = False  # there was a round: what is known then is not new


def encode(memory: Memory) -> str:
    """Return the memory as a text of at most `LARGEST` characters. Last entries are left out until it fits."""
    known, corrected = [*memory.known.items()], [*memory.corrected.items()]
    while len(text := _pack(memory, known, corrected)) > LARGEST:
        known, corrected = known[: len(known) * 3 // 4], corrected[: len(corrected) * 3 // 4]
    return text


def _pack(memory: Memory, known: list[tuple[str, Remembered]], corrected: list[tuple[str, Corrected]]) -> str:
    document = {
        "known": {key: asdict(value) for key, value in known},
        "corrected": {key: asdict(value) for key, value in corrected},
        "digest": memory.digest,
        "rounds": memory.rounds,
    }
    return b64encode(zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 9)).decode()


def decode(text: str) -> Memory:
    """Return the memory of a text; an empty one if there is none, or if this program did not write it."""
    if not text:
        return Memory()
    try:
        document = json.loads(_unpack(text))
        return Memory(
            {str(key): Remembered(**value) for key, value in document["known"].items()},
            {str(key): Corrected(**_checked(value)) for key, value in document["corrected"].items()},
            str(document["digest"]),
            bool(document["rounds"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error) as error:
        log.warning("the memory of the watch is not readable and is begun anew", why=str(error))
        return Memory()


def _unpack(text: str) -> bytes:
    """Return what was packed. Raises `ValueError` or `zlib.error` if it is not whole, or too large."""
    unpacking = zlib.decompressobj()
    found = unpacking.decompress(b64decode(text, validate=True), LARGEST_READ)
    if not unpacking.eof:
        raise ValueError("it is cut short, or too large")
    return found


def _checked(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values. Raises `ValueError` if one that is counted with is no number."""
    return {**value, "times": int(value["times"]), "good": int(value["good"])}
