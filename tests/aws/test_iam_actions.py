import pytest

from reconciler.aws.iam_actions import iam_action


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("elbv2", "create_rule", "elasticloadbalancing:CreateRule"),
        ("resourcegroupstaggingapi", "get_resources", "tag:GetResources"),
        ("application-autoscaling", "put_scaling_policy", "application-autoscaling:PutScalingPolicy"),
        ("servicediscovery", "create_private_dns_namespace", "servicediscovery:CreatePrivateDnsNamespace"),
        ("logs", "put_retention_policy", "logs:PutRetentionPolicy"),
        ("cloudwatch", "put_dashboard", "cloudwatch:PutDashboard"),
        ("ec2", "describe_vpcs", "ec2:DescribeVpcs"),
        ("ecr", "get_lifecycle_policy", "ecr:GetLifecyclePolicy"),
        ("iam", "tag_role", "iam:TagRole"),
        ("sts", "get_caller_identity", "sts:GetCallerIdentity"),
    ],
)
def test_a_boto3_method_becomes_its_iam_action(service, operation, action):
    assert iam_action(service, operation) == action


def test_capitals_that_the_method_name_loses_are_those_of_the_api():
    assert iam_action("iam", "create_open_id_connect_provider") == "iam:CreateOpenIDConnectProvider"
    assert iam_action("ec2", "modify_vpc_endpoint_service_payer_responsibility").startswith(
        "ec2:ModifyVpcEndpoint"
    )


def test_an_api_name_is_taken_as_it_is():
    assert iam_action("elbv2", "CreateRule") == "elasticloadbalancing:CreateRule"
    assert iam_action("toys", "MakeHub") == "toys:MakeHub"


@pytest.mark.parametrize(
    ("service", "operation"), [("ecs", "make_coffee"), ("coffee", "make_one"), ("ecs", "")]
)
def test_a_method_that_boto3_does_not_have_is_refused(service, operation):
    with pytest.raises(ValueError, match=f"boto3 has no {service}.{operation}"):
        iam_action(service, operation)
