"""The attributes of application load balancers that the file gives by AWS's names, and the values of each.

(ELBv2 API reference, LoadBalancerAttribute.) Those that have keys of their own are not among them.
"""

from collections.abc import Mapping

Values = tuple[str, ...] | range

_FLAG: Values = ("true", "false")
APPLICATION: Mapping[str, Values] = {
    "client_keep_alive.seconds": range(60, 604_801),
    "routing.http.desync_mitigation_mode": ("monitor", "defensive", "strictest"),
    "routing.http.preserve_host_header.enabled": _FLAG,
    "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": _FLAG,
    "routing.http.xff_client_port.enabled": _FLAG,
    "routing.http.xff_header_processing.mode": ("append", "preserve", "remove"),
    "waf.fail_open.enabled": _FLAG,
    "zonal_shift.config.enabled": _FLAG,
}
WITH_A_KEY: Mapping[str, str] = {  # the beginnings of attributes' names -> the key of the load balancer
    "access_logs.s3.": "access_logs",
    "connection_logs.s3.": "connection_logs",
    "deletion_protection.enabled": "deletion_protection",
    "health_check_logs.s3.": "health_check_logs",
    "idle_timeout.timeout_seconds": "idle_timeout",
    "routing.http.drop_invalid_header_fields.enabled": "drop_invalid_headers",
    "routing.http2.enabled": "http2",
}


def find_key(name: str) -> str | None:
    """Return the key of the load balancer that stands for an attribute; None if it has none."""
    return next((key for start, key in WITH_A_KEY.items() if name.startswith(start)), None)


def takes(values: Values, value: str) -> bool:
    """Tell whether an attribute with these values takes this one."""
    if isinstance(values, range):
        return value.isascii() and value.isdecimal() and int(value) in values
    return value in values


def describe_values(values: Values) -> str:
    """Return the values in words: `true or false`."""
    if isinstance(values, range):
        return f"{values[0]} to {values[-1]}"
    return f"{', '.join(values[:-1])} or {values[-1]}"
