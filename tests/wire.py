"""An AWS whose answers a test gives, below botocore: serialising, retries and parsing are botocore's own."""

import io
import json
from collections import Counter
from functools import cache
from typing import ClassVar

import boto3
from botocore.awsrequest import AWSResponse

from reconciler.aws.client import Aws


class _Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def answer(body, status=200):
    """Return a response with this body: a string as it is, anything else as JSON."""
    text = body if isinstance(body, str) else json.dumps(body)
    return AWSResponse("https://x", status, {"x-amzn-requestid": "r-1"}, _Raw(text.encode()))


def refusal(code, words="no", status=400):
    return answer({"__type": code, "message": words}, status)


def ec2_refusal(code, words="no", status=400):
    error = f"<Error><Code>{code}</Code><Message>{words}</Message></Error>"
    return answer(f"<Response><Errors>{error}</Errors><RequestID>r-1</RequestID></Response>", status)


class Wire:
    """Answers each request with the result of `say(operation, body)`, or raises it; counts the operations."""

    last: ClassVar["Wire"]

    def __init__(self, say):
        self.say, self.sent, self.aws = say, Counter(), connection()
        Wire.last = self

    def send(self, event_name, request):
        operation = event_name.split(".")[2]
        self.sent[operation] += 1
        said = self.say(operation, request.body)
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, AWSResponse) else answer(said)


@cache
def connection():
    """Return the connection that all tests share: making its clients takes longer than most tests."""
    keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    aws = Aws(boto3.Session(region_name="us-east-1", **keys))
    aws.session.events.register(
        "before-send", lambda event_name, request, **_: Wire.last.send(event_name, request)
    )
    return aws
