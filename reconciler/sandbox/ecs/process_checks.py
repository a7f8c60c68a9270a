"""Check how the programs of containers are to run, and refuse it with words like ECS's."""

from typing import Any

from moto.ecs.exceptions import EcsClientException

CAPABILITIES = (  # ECS API reference, KernelCapabilities
    *("ALL", "AUDIT_CONTROL", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH"),
    *("FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN"),
    *("MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP"),
    *("SETGID", "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE"),
    *("SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG"),
    "WAKE_ALARM",
)


def check_process(container: dict[str, Any]) -> None:
    """Refuse capabilities that Linux does not know, and soft limits above the hard ones."""
    names = [limit["name"] for limit in container.get("ulimits", [])]
    for limit in container.get("ulimits", []):
        if limit["softLimit"] > limit["hardLimit"]:
            raise EcsClientException(f"The soft limit of ulimit '{limit['name']}' is more than its hard limit.")
    if len(set(names)) < len(names):
        raise EcsClientException("Ulimit.name contains duplicate values.")
    capabilities = container.get("linuxParameters", {}).get("capabilities", {})
    for name in (*capabilities.get("add", []), *capabilities.get("drop", [])):
        if name not in CAPABILITIES:
            raise EcsClientException(f"Invalid capability '{name}'.")
