"""What a proxy gives in AWS's place is no answer: a write may be done, and a read says nothing."""

from threading import Event

import pytest
from botocore.exceptions import ClientError
from toys import STACK
from wire import Wire, answer, ec2_refusal, refusal

from reconciler.aws.errors import has_no_answer
from reconciler.aws.reads import open_reads
from reconciler.errors import ReadFailed
from reconciler.model.steps import Call, NotYet

PAGE = "<html><head><title> Log in\n to Example </title></head><body>Please log in</body></html>"
PAGES = [PAGE, f"<!DOCTYPE html>{PAGE}", "<html><br><p>open", "Blocked by policy", ""]
READS = [  # one of each of botocore's protocols
    ("ec2", "describe_vpcs", {}),
    ("elbv2", "describe_load_balancers", {}),
    ("iam", "list_roles", {}),
    ("sts", "get_caller_identity", {}),
    ("ecs", "list_clusters", {}),
    ("cloudwatch", "get_dashboard", {"DashboardName": "d"}),
    ("route53", "get_hosted_zone", {"Id": "Z1"}),
    ("s3", "get_bucket_policy", {"Bucket": "shop-logs"}),
]
WRITES = [
    ("ec2", "create_vpc", {"CidrBlock": "10.0.0.0/16"}),
    ("elbv2", "delete_rule", {"RuleArn": "arn"}),
    ("iam", "delete_role", {"RoleName": "r"}),
    ("ecs", "create_cluster", {}),
    ("logs", "create_log_group", {"logGroupName": "g"}),
]


def attempt(said, service, operation, params):
    return Wire(lambda *_: said).aws.attempt(Call(service, operation, params))


def ask(said, service, operation, params):
    wire = Wire(lambda *_: said)
    with open_reads(wire.aws, STACK) as reads:
        return reads.fresh(Event()).ask(service, operation, "@", **params)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("status", [200, 302, 403, 407])
@pytest.mark.parametrize(("service", "operation", "params"), READS)
def test_a_read_that_gets_a_page_has_failed(service, operation, params, status, page):
    with pytest.raises(ReadFailed, match=f"HTTP {status} with "):
        ask(answer(page, status), service, operation, params)


@pytest.mark.parametrize("page", PAGES[:-1])
@pytest.mark.parametrize("status", [200, 302, 400, 407, 502])
@pytest.mark.parametrize(("service", "operation", "params"), WRITES)
def test_a_write_that_gets_a_page_may_be_done(service, operation, params, status, page):
    said = attempt(answer(page, status), service, operation, params)
    assert isinstance(said, NotYet)
    assert said.answer_lost
    assert has_no_answer(said.why)


def test_the_pages_title_is_told_and_not_the_page():
    with pytest.raises(
        ReadFailed, match="HTTP 200 with the web page 'Log in to Example' in the place of AWS's"
    ):
        ask(answer(PAGE), *READS[0])
    with pytest.raises(ReadFailed) as raised:
        ask(answer("blocked " * 1000), *READS[0])
    assert len(str(raised.value)) < 250


@pytest.mark.parametrize(
    "body",
    [
        *("null", "[]", '"x"', '{"clusterArns": [', "{}", '{"error": "blocked"}', '{"message": "blocked"}'),
        *('{"clusterArns": "blocked"}', '{"clusterArns": {"a": 1}}'),
    ],
)
def test_json_that_holds_no_list_is_no_empty_list(body):
    with pytest.raises(ReadFailed, match="HTTP 200 with "):
        ask(answer(body), "ecs", "list_clusters", {})


@pytest.mark.parametrize("service", ["ec2", "elbv2"])
def test_xml_of_something_else_is_no_empty_list(service):
    operation = "describe_vpcs" if service == "ec2" else "describe_target_groups"
    for body in ("<Answer/>", "<ErrorPage><Vpcs/></ErrorPage>", "<XResponse><Nothing/></XResponse>"):
        with pytest.raises(ReadFailed, match="HTTP 200 with "):
            ask(answer(body), service, operation, {})


@pytest.mark.parametrize("status", [400, 403])
def test_an_error_without_a_code_is_not_awss(status):
    blocked = '{"message": "blocked", "code": 403}'
    for service, body in [("ecs", blocked), ("ec2", "<Response><Blocked/></Response>")]:
        operation = "list_clusters" if service == "ecs" else "describe_vpcs"
        with pytest.raises(ReadFailed, match=f"HTTP {status} with "):
            ask(answer(body, status), service, operation, {})


def test_an_error_in_a_page_is_not_awss():
    with pytest.raises(ReadFailed, match="HTTP 403 with "):
        ask(answer("<Page><Code>403</Code></Page>", 403), "ec2", "describe_vpcs", {})


def test_a_refusal_without_a_body_is_not_awss():
    said = attempt(answer("", 403), "logs", "create_log_group", {"logGroupName": "g"})
    assert said.answer_lost


@pytest.mark.parametrize(("service", "operation"), [("ecs", "list_clusters"), ("ecr", "batch_get_image")])
def test_an_answer_of_a_list_always_has_one(service, operation):
    with pytest.raises(ReadFailed, match="an answer that has none of"):
        ask(
            {},
            service,
            operation,
            {} if service == "ecs" else {"repositoryName": "shop", "imageIds": [{"imageTag": "1"}]},
        )


def test_awss_own_answers_are_taken():
    assert ask({"clusterArns": []}, "ecs", "list_clusters", {})["clusterArns"] == []
    empty = "<DescribeVpcsResponse><requestId>r</requestId><vpcSet/></DescribeVpcsResponse>"
    assert ask(empty_xml := answer(empty), "ec2", "describe_vpcs", {})["Vpcs"] == [], empty_xml
    assert attempt(answer(""), "logs", "create_log_group", {"logGroupName": "g"}) == {}
    assert attempt({}, "application-autoscaling", "register_scalable_target", TARGET) == {}
    for refused in (refusal("AccessDeniedException"), ec2_refusal("UnauthorizedOperation", status=403)):
        service, operation = ("ec2", "describe_vpcs") if "Unauth" in refused.text else ("ecs", "list_clusters")
        with pytest.raises(ReadFailed) as raised:
            ask(refused, service, operation, {})
        assert isinstance(raised.value.__cause__, ClientError)


TARGET = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/c/s",
    "ScalableDimension": "ecs:service:DesiredCount",
}


def test_nothing_found_is_an_answer_of_a_get_if_it_has_awss_id():
    assert "Item" not in ask({}, "dynamodb", "get_item", {"TableName": "t", "Key": {}})


def test_an_answer_without_anything_nor_awss_id_is_not_awss():
    anybodys = answer({})
    anybodys.headers.clear()
    with pytest.raises(ReadFailed, match="an answer that has none of"):
        ask(anybodys, "dynamodb", "get_item", {"TableName": "t", "Key": {}})


def test_a_refusal_may_say_its_code_in_a_header():
    """As REST services do (Smithy's AWS restJson1 protocol)."""
    refused = answer({"message": "no"}, 403)
    refused.headers["x-amzn-errortype"] = "AccessDeniedException"
    with pytest.raises(ReadFailed) as raised:
        ask(refused, "ecs", "list_clusters", {})
    assert isinstance(raised.value.__cause__, ClientError)


def test_a_page_with_500_is_retried_by_botocore_and_told_by_its_status():
    said = attempt(answer(PAGE.replace("<html>", "<!DOCTYPE html><html>"), 502), *WRITES[3])
    assert (said.why.response["Error"]["Code"], said.answer_lost) == ("502", True)


def test_a_create_whose_answer_names_nothing_is_looked_for():
    step = Call("ecs", "create_cluster", {}, {"id": "cluster.clusterName"})
    said = Wire(lambda *_: {"cluster": {}}).aws.attempt(step)
    assert said == NotYet("AWS's answer does not name the resource", answer_lost=True)


def test_a_policy_is_a_document_of_json_in_the_place_of_xml():
    policy = '{"Version": "2012-10-17", "Statement": []}'
    assert ask(answer(policy), "s3", "get_bucket_policy", {"Bucket": "shop-logs"})["Policy"] == policy
