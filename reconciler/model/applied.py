"""What was applied last, packed into one text: a digest of each spec, by its address.

300 services with all that belongs to them take about 60 KB. A digest says nothing of what it was made of.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.model.references import Address, digest
from reconciler.model.spec import UNCOMPARED, Spec, parts

FORM = b"\x01"  # the first byte of a packed text, before base64: how the rest is to be read
OF_ADDRESS, OF_SPEC = 5, 4  # bytes of each digest

Packed = Mapping[bytes, bytes]  # digests of specs by digests of addresses


def pack(specs: Iterable[Spec]) -> str:
    """Return the digests of these specs, and of those that they consist of, as one text."""
    entries = (_of_address(address) + _of_spec(spec) for address, spec in parts(specs).items())
    return b64encode(FORM + b"".join(sorted(entries))).decode()


def unpack(text: str) -> Packed | None:
    """Return the digests in a text of `pack`; None if it is none, or one of another form."""
    try:
        packed = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    size = OF_ADDRESS + OF_SPEC
    if packed[:1] != FORM or (len(packed) - 1) % size:
        return None
    entries = (packed[at : at + size] for at in range(1, len(packed), size))
    return {entry[:OF_ADDRESS]: entry[OF_ADDRESS:] for entry in entries}


def holds_address(packed: Packed, address: Address) -> bool:
    """Tell whether a resource with this address was applied."""
    return _of_address(address) in packed


def holds_spec(packed: Packed, spec: Spec) -> bool:
    """Tell whether exactly this spec was applied."""
    return packed.get(_of_address(spec.address)) == _of_spec(spec)


def _of_address(address: Address) -> bytes:
    return digest(str(address))[:OF_ADDRESS]


def _of_spec(spec: Spec) -> bytes:
    """Return the digest of what is compared of a spec: nothing else can become a difference."""
    fields = type(spec).model_fields.items()
    compared: dict[str, Any] = {f: getattr(spec, f) for f, info in fields if UNCOMPARED not in info.metadata}
    return digest(compared)[:OF_SPEC]
