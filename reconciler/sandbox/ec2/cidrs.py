"""CIDR blocks as EC2 takes them."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from moto.ec2.exceptions import EC2ClientError


def parse_v4(text: Any, parameter: str) -> IPv4Network:
    """Return the network without its host bits, as AWS keeps it (EC2 API reference)."""
    parsed = parse(text)
    if not isinstance(parsed, IPv4Network) or "/" not in str(text):
        message = f"Value ({text}) for parameter {parameter} is invalid. This is not a valid CIDR block."
        raise EC2ClientError("InvalidParameterValue", message)
    return parsed


def parse(text: Any) -> IPv4Network | IPv6Network | None:
    """Return the network without its host bits, or None for what is no CIDR block."""
    try:
        return ip_network(str(text), strict=False)
    except ValueError:
        return None


def clear_host_bits(text: str | None) -> str | None:
    """Return a CIDR block without its host bits, and anything else as it is."""
    parsed = parse(text) if text else None
    return text if parsed is None else str(parsed)
