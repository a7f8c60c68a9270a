"""Ports by name: what they replace, which of them routes lead to, and what a name does not change."""

from pathlib import Path

import pytest

from desired_state import Platform, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
FILE = """
platform: shop
environment: dev
region: us-east-1
service_defaults: {port: 80}
services: {web: {FIELDS}}
"""
ROUTED = "routes: [{priority: 1, paths: [/]}]"


def platform(folder: Path, fields: str, overlay: str = "{}") -> Platform:
    (folder / "environments").mkdir(exist_ok=True)
    (folder / "environments" / "dev.yaml").write_text(overlay)
    (folder / "platform.yaml").write_text(FILE.replace("FIELDS", fields))
    return load(folder / "platform.yaml", "dev", environ={})


def numbers(found: Platform) -> dict[str, int]:
    return {name: port.port for name, port in found.services["web"].listens.items()}


def test_ports_replace_the_port_of_the_defaults_and_a_port_those_of_the_file(tmp_path):
    assert numbers(platform(tmp_path, "")) == {"": 80}
    assert numbers(platform(tmp_path, "ports: {http: 8080}")) == {"http": 8080}
    overlay = "services: {web: {port: 90}}"
    assert numbers(platform(tmp_path, "ports: {http: 8080}", overlay)) == {"": 90}
    overlay = "services: {web: {ports: none}}"
    assert numbers(platform(tmp_path, "ports: {http: 8080}", overlay)) == {"": 80}
    overlay = "services: {web: {port: none}}"
    assert numbers(platform(tmp_path, "ports: {http: 8080}", overlay)) == {}
    assert numbers(platform(tmp_path, "port: none")) == {}


@pytest.mark.parametrize(
    ("ports", "default"),
    [
        ("{dns: {port: 53, protocol: udp}, http: 8080, admin: 90}", "http"),
        ("{dns: {port: 53, protocol: udp}}", None),
    ],
)
def test_routes_lead_to_the_first_port_with_tcp_unless_they_name_one(tmp_path, ports, default):
    assert platform(tmp_path, f"ports: {ports}").services["web"].default_port == default


def test_a_name_for_the_only_port_changes_nothing(tmp_path):
    bare, named = (
        list(blueprint(platform(tmp_path, f"{ports}, {ROUTED}"), FACTS))
        for ports in ("port: 8080", "ports: {http: 8080}")
    )
    assert named == bare


def test_two_target_groups_of_one_name_are_a_mistake(tmp_path):
    with pytest.raises(Exception, match="target group would be tg-web-admin-shop-dev, which is that of web;"):
        platform(
            tmp_path,
            "ports: {http: 80, admin: 90}, routes: [{priority: 1, paths: [/], port: admin}]}, "
            "web-admin: {routes: [{priority: 2, paths: [/b]}]",
        )


def test_schedules_count_for_the_fewest_and_the_most_tasks(tmp_path):
    scaling = "{min: 2, max: 4, cpu: 50, schedules: {night: {cron: 0 22 * * ? *, min: 0, max: 9}}}"
    service = platform(tmp_path, f"scaling: {scaling}").services["web"]
    assert (service.fewest_tasks, service.most_tasks) == (0, 9)
