from support import client
from whole import ENVIRONMENT, applied, default

from desired_state import DEFAULT_FILE
from reconciler.aws.client import Aws
from reconciler.run import SERVICES_READ, Target, open_session


def test_the_clients_made_early_are_those_that_a_plan_uses(aws, monkeypatch):
    monkeypatch.setattr(Aws, "warm", lambda *_: None)
    applied(default())
    client("ecs").create_cluster(clusterName="somebody-elses")  # whose it is, the tagging API is asked
    with open_session(Target(DEFAULT_FILE, ENVIRONMENT)) as session:
        session.plan()
        used = {service for service, _retries in session.reads.aws._clients}
    assert used == set(SERVICES_READ)
    assert SERVICES_READ[:4] == (
        "sts",
        "ec2",
        "iam",
        "ecs",
    )  # the first that are asked; EC2's takes longest to make
