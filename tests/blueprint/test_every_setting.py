"""Every setting of a service in the file changes what the service consists of."""

from pathlib import Path

import pytest

from desired_state import Platform, load
from desired_state.service import Service
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
FILE = """
platform: shop
environment: dev
region: us-east-1
network: {{subnets: {{public: {{}}, private: {{}}}}, nat: one}}
services:
  other: {{routes: [{{priority: 9, paths: ["/other"]}}]}}
  web: {{routes: [{{priority: 1, paths: ["/*"]}}]{setting}}}
"""
SETTINGS = {  # each with a value that is not the default
    "name": "website",
    "cpu": "512, memory: 1024",
    "memory": "1024",
    "port": "9090",
    "ports": "{http: 8080, dns: {port: 53, protocol: udp}}",
    "placement": "public",
    "desired_count": "3",
    "architecture": "ARM64",
    "image": "{tag: v2}",
    "entrypoint": "[/tini]",
    "command": "[serve]",
    "user": "app:staff",
    "working_directory": "/srv",
    "read_only": "true",
    "init": "true",
    "stop_timeout": "1m",
    "ulimits": "{nofile: 9000}",
    "drop_capabilities": "[ALL]",
    "ephemeral_storage": "50G",
    "environment": "{A: b}",
    "env_file": "s3://shop/web.env",
    "secrets": "{A: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf'}",
    "roles": "{task: 'arn:aws:iam::123456789012:role/runs'}",
    "permissions": "[{actions: ['s3:GetObject'], resources: ['*']}]",
    "policies": "['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']",
    "security_groups": "[sg-12345678]",
    "tags": "{Team: web}",
    "container_health_check": "{command: [CMD, 'true']}",
    "logs": "{retention_days: 3}",
    "tracing": "{xray: {}}",
    "routes": "[{priority: 2, paths: [/elsewhere]}]",
    "health_check": "{path: /healthy}",
    "deregistration_delay": "10",
    "slow_start": "30s",
    "algorithm": "least_outstanding_requests",
    "deployment": "{circuit_breaker: 'off'}",
    "scaling": "{max: 4, cpu: 50}",
    "capacity_providers": "{FARGATE: {base: 1, weight: 3}}",
    "execute_command": "true",
    "protect": "true",
}


def specs(folder: Path, setting: str = "") -> list[object]:
    file = folder / "platform.yaml"
    file.write_text(FILE.format(setting=setting))
    platform: Platform = load(file, environ={})
    return list(blueprint(platform, FACTS))


def test_each_setting_is_tried():
    assert SETTINGS.keys() == Service.model_fields.keys()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_changes_what_the_service_consists_of(name: str, tmp_path: Path):
    if name == "routes":
        file = FILE.format(setting="")
        (tmp_path / "platform.yaml").write_text(
            file.replace('[{priority: 1, paths: ["/*"]}]', SETTINGS["routes"])
        )
        assert list(blueprint(load(tmp_path / "platform.yaml", environ={}), FACTS)) != specs(tmp_path)
    else:
        assert specs(tmp_path, f", {name}: {SETTINGS[name]}") != specs(tmp_path)
