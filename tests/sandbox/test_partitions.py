"""A rehearsal passes in a region of every partition that botocore knows."""

import boto3
import pytest
from support import SMALL

from desired_state.load import load
from reconciler.apply import Clock
from reconciler.aws.client import enclosed
from reconciler.rehearsal import rehearse
from reconciler.sandbox import REAL
from reconciler.sandbox.private import private

SESSION = boto3.Session()
PARTITIONS = SESSION.get_available_partitions()


@pytest.mark.parametrize("partition", PARTITIONS)
def test_a_platform_comes_up_and_goes_in_every_partition(tmp_path, partition):
    region = SESSION.get_available_regions("ecs", partition)[0]
    secret = f"arn:{partition}:secretsmanager:{region}:123456789012:secret:db-AbCdEf:password::"
    file = tmp_path / "platform.yaml"
    file.write_text(
        SMALL.replace("us-east-1", region)
        + f"services: {{web: {{routes: [{{priority: 1, paths: [/*]}}], secrets: {{DB: '{secret}'}}}}}}\n"
    )
    with private(REAL) as clock:
        done = rehearse(load(file, environ={}), enclosed(region), Clock(clock.now, clock.advance))
    assert not done.problems
