"""Users, roles and their keys in tests of the embedded AWS."""

import json
from functools import cache
from typing import Any

import boto3
from botocore.credentials import Credentials
from makers import client_of

ACCOUNT = "123456789012"
_THEIRS = Credentials("nobody", "secret")  # of the clients of `client_as`, which takes long to make anew


def allow(action: Any, resource: Any = "*", **condition: Any) -> dict[str, Any]:
    """Return a statement; its conditions are keys by operators."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements]})


def trust(principal: Any) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def make_user(name: str, *statements: dict[str, Any]) -> dict[str, str]:
    """Make a user with these statements and return boto3's keys of it."""
    iam = client_of("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def client_as(keys: dict[str, str], service: str) -> Any:
    """Return a client with these keys. It is one for all tests, so the last keys count."""
    _THEIRS.access_key, _THEIRS.token = keys["aws_access_key_id"], keys.get("aws_session_token")
    return _client(service)


@cache
def _client(service: str) -> Any:
    session = boto3.Session(region_name="us-east-1")
    session._session._credentials = _THEIRS
    return session.client(service)
