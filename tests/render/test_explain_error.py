import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from reconciler.errors import ReadFailed, RolloutFailed, StepTimedOut
from reconciler.render.denied import PRINTED
from reconciler.render.error_causes import CAUSES
from reconciler.render.explain_error import explain_error


def refused(code: str, said: str = "", operation: str = "DoIt") -> ClientError:
    response = {"Error": {"Code": code, "Message": said}, "ResponseMetadata": {"RequestId": "4711"}}
    return ClientError(response, operation)


def caused(error: Exception, by: Exception) -> Exception:
    error.__cause__ = by
    return error


def test_every_failure_has_awss_code_words_and_request():
    found = explain_error(refused("Strange", "What is this?"))
    assert (found.code, found.message, found.request_id, found.cause) == (
        "Strange",
        "What is this?",
        "4711",
        "",
    )


@pytest.mark.parametrize(
    ("error", "likely"),
    [
        (
            refused("InvalidParameterException", "Creation of service was not idempotent.", "CreateService"),
            "a service of this name exists",
        ),
        (
            refused(
                "InvalidParameterException", "The target group x does not have an associated load balancer."
            ),
            "no listener or rule",
        ),
        (
            refused("DependencyViolation", "has a dependent object", "DeleteSecurityGroup"),
            "another group's rule",
        ),
        (refused("DependencyViolation", "has dependencies", "DeleteSubnet"), "take minutes to leave"),
        (
            refused("DependencyViolation", "mapped public address(es)", "DetachInternetGateway"),
            "public address",
        ),
        (refused("VpcLimitExceeded"), "as many VPCs"),
        (refused("AddressLimitExceeded"), "as many public addresses in this region"),
        (
            refused("AuthFailure", "You do not have permission to access it.", "ReleaseAddress"),
            "the address's NAT gateway has just gone",
        ),
        (
            caused(
                StepTimedOut("not done after 180 s: checking whether the call took effect"),
                refused("FlowLogAlreadyExists"),
            ),
            "a flow log of the VPC that is not this stack's",
        ),
        (
            refused(
                "OperationNotPermitted",
                "This AWS account currently does not support creating load balancers.",
                "CreateLoadBalancer",
            ),
            "AWS has not opened this account for load balancers yet",
        ),
        (
            refused("ValidationException", "The log group has deletion protection enabled", "DeleteLogGroup"),
            "the log group is protected against deletion",
        ),
        (refused("LimitExceeded", "Maximum policy size of 10240 bytes exceeded"), "which no request raises"),
        (refused("LimitExceeded", "Cannot exceed quota for PoliciesPerRole: 10"), "a quota of the account"),
        (
            refused(
                "ClientException",
                "Actual length: '66420'. Max allowed length is '65536' bytes.",
                "RegisterTaskDefinition",
            ),
            "the task definition is larger",
        ),
        (refused("ClientException", "No Fargate configuration exists for given values."), "pair of cpu"),
        (refused("ResourceInUse", "in use by a listener or a rule", "DeleteTargetGroup"), "still sends"),
        (refused("ExpiredTokenException"), "expired"),
        (RolloutFailed("task stopped: CannotPullContainerError: not found"), "the image or its tag"),
        (RolloutFailed("tasks failed to start\ntask stopped: OutOfMemoryError"), "more memory"),
        (StepTimedOut("namespace: CANNOT_CREATE_HOSTED_ZONE: overlap"), "overlaps"),
        (
            caused(ReadFailed("AWS did not answer sts.get_caller_identity: x: y"), NoCredentialsError()),
            "no AWS credentials",
        ),
    ],
)
def test_a_likely_cause_is_named(error, likely):
    assert likely in explain_error(error).cause


@pytest.mark.parametrize(
    ("error", "action"),
    [
        (
            refused("AccessDeniedException", "User: x is not authorized to perform: ecs:CreateService on y"),
            "ecs:CreateService",
        ),
        (refused("UnauthorizedOperation", "You are not authorized.", "CreateVpc"), "ec2:CreateVpc"),
        (
            caused(
                ReadFailed("AWS did not answer ec2.describe_vpcs: x: y", "ec2"),
                refused("AccessDenied", "no", "DescribeVpcs"),
            ),
            "ec2:DescribeVpcs",
        ),
    ],
)
def test_what_is_denied_is_named_as_iam_has_it(error, action):
    assert explain_error(error, "ec2").remedy == f"allow {action} to them; {PRINTED}"


def test_what_is_denied_to_a_read_is_named_by_the_service_that_the_error_holds():
    error = caused(ReadFailed("no answer", "ec2"), refused("AccessDenied", "no", "DescribeVpcs"))
    expected = f"allow ec2:DescribeVpcs to them; {PRINTED}"
    assert explain_error(error).remedy == explain_error(error, "ecs").remedy == expected


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        (
            "with an explicit deny in an identity-based policy",
            "a policy of these credentials denies that (identity-based policy)",
            "see whether iam:CreateRole should be denied there",
        ),
        (
            "because no permissions boundary allows the iam:CreateRole action",
            "the permissions boundary of these credentials does not allow that",
            "allow iam:CreateRole there",
        ),
        (
            "because no identity-based policy allows the iam:CreateRole action",
            "these credentials may not do that",
            f"allow iam:CreateRole to them; {PRINTED}",
        ),
    ],
)
def test_which_policy_refuses_is_told(words, cause, remedy):
    text = f"User: x is not authorized to perform: iam:CreateRole on resource: y {words}"
    found = explain_error(refused("AccessDenied", text, "CreateRole"), "iam")
    assert (found.cause, found.remedy) == (cause, remedy)


def test_the_right_to_tag_a_log_group_is_named_in_other_words():
    text = (
        "User with accountId: 1 is not authorized to perform CreateLogGroup with Tags. "
        'An additional permission "logs:TagResource" is required.'
    )
    found = explain_error(refused("AccessDeniedException", text, "CreateLogGroup"), "logs")
    assert found.remedy.startswith("allow logs:TagResource to them")


def test_waiting_in_vain_is_explained_by_what_aws_said_last():
    last = refused("DependencyViolation", "resource sg-1 has a dependent object", "DeleteSecurityGroup")
    found = explain_error(
        caused(StepTimedOut("not done after 900 s: resource sg-1 has a dependent object"), last)
    )
    assert found.code == "DependencyViolation"
    assert found.request_id == "4711"
    assert found.message.startswith("not done after 900 s")
    assert "network interface" in found.cause


def test_no_cause_hides_a_later_one():
    for number, later in enumerate(CAUSES):
        for earlier in CAUSES[:number]:
            assert not (
                earlier.code in ("", later.code)
                and earlier.says.lower() in later.says.lower()
                and later.operation.startswith(earlier.operation)
            ), f"{later.code} {later.says} is never reached, because of {earlier.code} {earlier.says}"
