from dataclasses import replace

import pytest
from toys import Shelf, toy

from reconciler.errors import Invalid
from reconciler.model.plan import Change
from reconciler.model.references import Ref, Text
from reconciler.model.steps import Call, Rollout, Wait
from reconciler.plan.validate import check, problems
from reconciler.resources.ecs_cluster.calls import CLUSTER_ACTIVE

VPC = Ref("vpc", "main")


def change(*steps) -> Change:
    (made,) = Shelf().plan(toy("it")).changes
    return replace(made, steps=steps)


@pytest.mark.parametrize(
    "step",
    [
        Call("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}, {"id": "Vpc.VpcId"}),
        Call("ec2", "create_subnet", {"VpcId": VPC, "CidrBlock": Text("{}/24", (VPC,))}),
        Call("sts", "get_caller_identity", {}),
        Call("iam", "delete_account_password_policy", {}),
        Wait("ecs", "cluster_active", {"clusters": [VPC]}, CLUSTER_ACTIVE),
        Rollout({"cluster": "c", "service": "s", "deployment": VPC}),
    ],
)
def test_what_aws_takes_is_no_problem(step):
    assert problems([change(step)]) == []


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Call("ec3", "create_vpc", {}), "ec3.create_vpc: botocore knows no such service"),
        (Call("ec2", "make_vpc", {}), "ec2.make_vpc: botocore knows no such operation"),
        (Call("ec2", "create_vpc", {"Cidr": "10.0.0.0/16"}), 'Unknown parameter in input: "Cidr"'),
        (Call("ec2", "create_subnet", {}), 'Missing required parameter in input: "VpcId"'),
        (Call("ec2", "create_vpc", {"CidrBlock": 10}), "Invalid type for parameter CidrBlock"),
        (Call("ec2", "create_vpc", {}, {"id": "Vpc."}), "ec2.create_vpc: output id"),
        (
            Wait("ecs", "cluster_active", {"cluster": "x"}, CLUSTER_ACTIVE),
            "ecs.describe_clusters: Unknown parameter",
        ),
        (
            Wait("ecs", "cluster_active", {}, {"operation": "Look"}),
            "ecs.look: botocore knows no such operation",
        ),
        (
            Call("iam", "delete_account_password_policy", {"Really": True}),
            "iam.delete_account_password_policy: takes no parameters",
        ),
        (Rollout({"cluster": "c"}), "rollout: without deployment, service"),
    ],
)
def test_what_aws_would_refuse_is_found_before_it_is_asked(step, told):
    (found,) = problems([change(step)])
    assert found.startswith("toy.it: ")
    assert told in found


OPERATION = Ref("toy", "it", "operation")
GIVES = Call("sts", "get_caller_identity", {}, {"operation": "UserId"})
STATUS = Call("servicediscovery", "get_operation", {"OperationId": OPERATION})


def test_what_no_step_before_it_names_is_found():
    (found,) = problems([change(STATUS, GIVES)])
    assert found == "toy.it: servicediscovery.get_operation: no step before it has the output operation"


@pytest.mark.parametrize(
    "known",
    [change(GIVES, STATUS), replace(change(STATUS), outputs={"operation": "op-1"})],
    ids=["answer", "live"],
)
def test_what_an_answer_or_aws_names_is_no_problem(known):
    assert problems([known]) == []


def test_an_invalid_plan_is_stopped():
    with pytest.raises(Invalid, match="no such operation"):
        check([change(Call("ec2", "make_vpc", {}))])
