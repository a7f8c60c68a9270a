"""The settings and the configuration of a cluster, and what ECS refuses of them."""

from typing import Any

from moto.ecs.exceptions import InvalidParameterException

from reconciler.sandbox.ecs.not_played import not_played


def check_configuration(sent: dict[str, Any]) -> None:
    """Refuse a log configuration that ECS Exec would not use, and the reverse (ECS API reference)."""
    command = sent.get("configuration", {}).get("executeCommandConfiguration", {})
    if (command.get("logging") == "OVERRIDE") != ("logConfiguration" in command):
        raise InvalidParameterException(
            "logConfiguration must be specified if, and only if, logging is OVERRIDE."
        )
    if sent.get("serviceConnectDefaults", {}).get("namespace"):
        raise not_played("Service Connect")


def check_settings(settings: list[dict[str, str]]) -> None:
    """Refuse values that a setting cannot have."""
    for setting in settings:
        if setting.get("value") not in ("enabled", "disabled", "enhanced"):
            raise InvalidParameterException(f"Invalid value for cluster setting {setting['name']}.")


def change_settings(cluster: Any, settings: list[dict[str, str]]) -> None:
    """Set these settings of the cluster; the others are kept."""
    check_settings(settings)
    sent = {setting["name"]: setting["value"] for setting in settings}
    settings_by_name = {setting["name"]: setting["value"] for setting in cluster.settings}
    cluster.settings = [{"name": name, "value": value} for name, value in (settings_by_name | sent).items()]
