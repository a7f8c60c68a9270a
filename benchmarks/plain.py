"""Make the AWS calls of a file with boto3 alone, as a person would write it: the yardstick of cpu.py."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

recorded, endpoint = sys.argv[1:]
calls = json.loads(Path(recorded).read_text())
config = Config(
    connect_timeout=5,
    read_timeout=10,
    max_pool_connections=48,
    retries={"mode": "standard", "total_max_attempts": 8},
)
keys = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "any"}
session = boto3.Session(region_name="us-east-1", **keys)
clients = {
    service: session.client(service, endpoint_url=endpoint, config=config)
    for service in dict.fromkeys(call["service"] for call in calls)
}


def make(call: dict[str, Any]) -> Any:
    return getattr(clients[call["service"]], call["operation"])(**call["params"])


with ThreadPoolExecutor(32) as pool:  # as `IN_FLIGHT` of reconciler/aws/turns.py
    answers = list(pool.map(make, calls))
print(len(answers))
