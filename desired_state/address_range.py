"""IPv4 ranges as a file writes them."""

from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator

from desired_state.part import WrongValue


def _validate_cidr(value: str) -> str:
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise WrongValue("is not an IPv4 network, such as 10.0.0.0/16") from None
    if "/" not in value:
        raise WrongValue("has no prefix length, such as /16", [f"{value}/16", f"{value}/32"])
    if str(network) != value:
        raise WrongValue("has host bits set", [str(network)])
    return value


Cidr = Annotated[str, AfterValidator(_validate_cidr)]
"""An IPv4 range with its prefix length and without host bits, such as 10.0.0.0/16."""
