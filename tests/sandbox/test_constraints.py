import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from makers import client_of, code_of

from reconciler.sandbox.constraints.services import STYLES
from reconciler.sandbox.constraints.violations import compile_pattern

ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef"
UNREADABLE = {"ResourceType", "DefinitionPath"}  # of calls that no platform makes


@pytest.mark.parametrize("service", STYLES)
def test_the_patterns_of_the_models_are_read(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    patterns = {name: model.shape_for(name).metadata.get("pattern") for name in model.shape_names}
    unread = {name for name, pattern in patterns.items() if pattern and compile_pattern(pattern) is None}
    assert unread <= UNREADABLE


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (
            {"HealthCheckIntervalSeconds": 600},
            (
                "1 validation error detected: Value '600' at 'healthCheckIntervalSeconds' "
                "failed to satisfy constraint: Member must have value less than or equal to 300"
            ),
        ),
        ({"HealthCheckIntervalSeconds": 600, "HealthyThresholdCount": 11}, "2 validation errors detected: "),
        ({"HealthCheckPath": "/" * 1025}, "Member must have length less than or equal to 1024"),
        ({"HealthCheckProtocol": "FTP"}, "Member must satisfy enum value set: [HTTP, HTTPS, TCP, TLS, UDP, "),
    ],
)
def test_a_value_outside_of_its_model_is_refused_in_aws_words(aws, params, words):
    with pytest.raises(ClientError) as refused:
        client_of("elbv2").modify_target_group(TargetGroupArn=ARN, **params)
    assert code_of(refused) == "ValidationError"
    assert words in str(refused.value)


def test_members_of_lists_and_of_json_are_checked_too(aws):
    settings = Config(parameter_validation=False)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    acm = boto3.Session().client("acm", region_name="us-east-1", config=settings, **keys)
    with pytest.raises(ClientError) as refused:
        acm.request_certificate(DomainName="shop.example", SubjectAlternativeNames=["a b"])
    assert code_of(refused) == "ValidationException"
    assert "at 'subjectAlternativeNames.1.member' failed" in str(refused.value)


def test_tags_take_letters_of_every_script(aws):
    client_of("acm").request_certificate(
        DomainName="shop.example", Tags=[{"Key": "Größe 1/2", "Value": "日本"}]
    )
