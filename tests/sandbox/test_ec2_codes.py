"""Every code of AWS's page of EC2's error codes that a caller may meet has a probe, or a row in the docs."""

import re
from pathlib import Path

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from makers import code_of
from refusals.ec2 import CODES, OPERATIONS, PROBES

DOCUMENT = (Path(__file__).parents[2] / "docs/sandbox.md").read_text()
SECTION = DOCUMENT.partition("## EC2's codes that are not played")[2]
PLAYED = {probe.code for probe in PROBES}


def test_each_code_has_a_probe_or_a_row() -> None:
    listed = {
        code
        for row in re.findall(r"^\| (`.+?) \|", SECTION, re.MULTILINE)
        for code in re.findall(r"`([^`]+)`", row)
    }
    assert sorted({*CODES} - PLAYED - listed) == []
    assert sorted(listed & PLAYED) == []
    assert sorted(PLAYED - {*CODES}) == []


def test_a_call_without_what_its_operation_needs_is_refused(aws: object) -> None:
    config = Config(parameter_validation=False)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("ec2", region_name="us-east-1", config=config, **keys)
    model, answers = client.meta.service_model, {}
    for operation in OPERATIONS:
        if model.operation_model(operation).input_shape.required_members:
            with pytest.raises(ClientError) as refused:
                getattr(client, xform_name(operation))()
            answers[operation] = code_of(refused)
    assert answers
    assert set(answers.values()) == {"MissingParameter"}
