"""Every error of botocore's models that a caller can cause is refused by the embedded AWS, or docs/sandbox.md
lists it as not played."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import botocore.session
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from makers import client_of, code_of
from refusals.probe import Probe

TABLES: dict[str, tuple[str, ...]] = {  # boto3's name of the service -> its tables
    "acm": ("acm",),
    "application-autoscaling": ("autoscaling",),
    "cloudwatch": ("cloudwatch",),
    "dynamodb": ("dynamodb",),
    "ec2": ("ec2",),
    "ecr": ("ecr",),
    "ecs": ("ecs", "ecs_services", "ecs_tasks"),
    "elbv2": ("elbv2_balancers", "elbv2_groups", "elbv2_listeners", "elbv2_rules"),
    "iam": ("iam",),
    "logs": ("logs",),
    "resourcegroupstaggingapi": ("tagging",),
    "servicediscovery": ("cloud_map", "cloud_map_discovery"),
}
DOCUMENT = (Path(__file__).parents[2] / "docs/sandbox.md").read_text()
ROW = re.compile(r"^\| ([a-z0-9-]+) \| `(\w+(?:\.\w+)*)` \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


def tables(service: str) -> list[ModuleType]:
    return [import_module(f"refusals.{name}") for name in TABLES[service]]


def operations(service: str) -> list[str]:
    return [operation for table in tables(service) for operation in table.OPERATIONS]


def probes_of(service: str) -> list[Probe]:
    return [probe for table in tables(service) for probe in table.PROBES]


def probes() -> list[object]:
    return [
        pytest.param(service, probe, id=f"{service}.{probe.operation}-{probe.code}-{number}")
        for service in TABLES
        for number, probe in enumerate(probes_of(service))
    ]


@cache
def modelled(service: str) -> frozenset[tuple[str, str]]:
    """Return the operations that are played, each with each code that its model has."""
    model = botocore.session.get_session().get_service_model(service)
    return frozenset(
        (operation, shape.metadata.get("error", {}).get("code", shape.name))
        for operation in operations(service)
        for shape in model.operation_model(operation).error_shapes
    )


def not_played(service: str) -> frozenset[tuple[str, str]]:
    """Return what the table of docs/sandbox.md lists: `| service | code | operations, or all | why |`."""
    return frozenset(
        (operation, code)
        for name, code, named in ROW.findall(DOCUMENT)
        if name == service
        for operation in (operations(service) if named == "all" else named.split(", "))
    )


@pytest.mark.parametrize(("service", "probe"), probes())
def test_what_aws_refuses_is_refused(aws: object, service: str, probe: Probe) -> None:
    params = probe.params()
    with pytest.raises(ClientError) as refused:
        getattr(client_of(service), xform_name(probe.operation))(**params)
    assert code_of(refused) == probe.code
    assert probe.words in str(refused.value)


@pytest.mark.parametrize("service", TABLES)
def test_every_modelled_error_of_a_played_operation_is_refused_or_listed(service: str) -> None:
    played = {(probe.operation, probe.code) for probe in probes_of(service)}
    assert not sorted(modelled(service) - played - not_played(service))


@pytest.mark.parametrize("service", TABLES)
def test_what_is_listed_as_not_played_is_modelled_and_not_refused(service: str) -> None:
    """A row for all operations may name a code that some of them lack."""
    played = {(probe.operation, probe.code) for probe in probes_of(service)}
    codes = {code for _, code in modelled(service)}
    assert {code for _, code in not_played(service)} <= codes
    assert not sorted(not_played(service) & played)


@pytest.mark.parametrize("service", TABLES)
def test_every_operation_of_a_probe_is_played(service: str) -> None:
    assert {probe.operation for probe in probes_of(service)} <= {*operations(service)}
