"""Values that a file takes from what others keep in AWS: parameters, outputs of stacks, and the account."""

from collections import Counter
from json import dumps
from pathlib import Path

import pytest
from support import REGION, SHOP, client, connection

from desired_state import LoadError, Platform, load
from reconciler.aws.reads import Stack, open_reads
from reconciler.blueprint.outside import complete
from reconciler.errors import RunRefused

ACCOUNT = "123456789012"
NETWORK = """network:
  existing: {vpc: "{ssm:/net/{environment}/vpc}", subnets: {public: ["{cloudformation:net-dev.One}", subnet-00000002]}}
"""
IDS = {"/net/dev/vpc": "vpc-00000001"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "platform.yaml"


def read(file: Path, text: str, *, needed: bool = True) -> Platform:
    file.write_text((HEAD if "services:" in text else SHOP) + text)
    platform = load(file, environ={})
    with open_reads(connection(), Stack(platform.stack, platform.suffix)) as reads:
        return complete(reads, platform, needed=needed)


def mistakes(file: Path, text: str) -> list[str]:
    with pytest.raises(LoadError) as error:
        read(file, text)
    return str(error.value).replace(f"{file.parent}/", "").splitlines()


def keep(parameters: dict[str, str], **outputs: str) -> None:
    for name, value in parameters.items():
        client("ssm").put_parameter(Name=name, Value=value, Type="String")
    topics = {key: {"Type": "AWS::SNS::Topic"} for key in outputs}
    told = {key: {"Value": value} for key, value in outputs.items()}
    template = {"Resources": topics or {"T": {"Type": "AWS::SNS::Topic"}}, "Outputs": told}
    client("cloudformation").create_stack(StackName="net-dev", TemplateBody=dumps(template))


REACHING = """network: {existing: {vpc: vpc-00000001, subnets: {public: [subnet-00000002]}}}
discovery: {existing: "{ssm:/net/namespace}"}
services:
  web: {environment: {PEER: "http://{discovery.api}"}}
  api: {ports: {http: 9000, admin: 9001}}
"""
HEAD = SHOP[: SHOP.index("services:")]


@pytest.mark.usefixtures("aws")
def test_services_reach_each_other_by_the_name_of_a_namespace_that_exists(file: Path):
    vpc = client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    made = client("servicediscovery").create_private_dns_namespace(Name="their.local", Vpc=vpc)
    operation = client("servicediscovery").get_operation(OperationId=made["OperationId"])["Operation"]
    keep({"/net/namespace": operation["Targets"]["NAMESPACE"]})
    assert read(file, REACHING).services["web"].environment == {"PEER": "http://api.their.local:9000"}


@pytest.mark.usefixtures("aws")
def test_a_namespace_that_is_not_there_is_told_with_its_line(file: Path):
    keep({"/net/namespace": "ns-gone"})
    (told,) = mistakes(file, REACHING)
    assert told.endswith("discovery.existing: there is no namespace ns-gone in us-east-1")


@pytest.mark.usefixtures("aws")
def test_ids_are_those_that_parameters_and_stacks_hold(file: Path):
    keep(IDS, One="subnet-00000001")
    network = read(file, NETWORK).network.existing
    assert network.vpc.id == "vpc-00000001"
    assert network.subnets["public"].ids == ("subnet-00000001", "subnet-00000002")


@pytest.mark.usefixtures("aws")
def test_values_are_in_texts_too(file: Path):
    keep({"/mail/host": "mail.{example}"}, Topic="arn:aws:sns:x")
    text = '  a: {environment: {MAIL: "{ssm:/mail/host}:{{25}", TOPIC: "{cloudformation:net-dev.Topic}", ME: "{account}"}}'
    assert read(file, text).services["a"].environment == {
        "MAIL": "mail.{example}:{25}",
        "TOPIC": "arn:aws:sns:x",
        "ME": ACCOUNT,
    }


@pytest.mark.usefixtures("aws")
def test_what_is_not_there_is_told_on_each_line_that_names_it(file: Path):
    keep({"/net/other": "x"}, Two="subnet-00000002")
    client("ssm").put_parameter(Name="/db/password", Value="x", Type="SecureString")
    text = """  a:
    environment: {A: "{ssm:/no}", B: "{ssm:/no} or {cloudformation:none.Out}"}
    command: ["{ssm:/db/password}", "{cloudformation:net-dev.One}"]
"""
    assert mistakes(file, text) == [
        "platform.yaml:11:19: services.a.environment.A: {ssm:/no}: us-east-1 has no SSM parameter of this name",
        (
            "platform.yaml:11:35: services.a.environment.B: "
            "{cloudformation:none.Out}: us-east-1 has no CloudFormation stack none"
        ),
        "platform.yaml:11:35: services.a.environment.B: {ssm:/no}: us-east-1 has no SSM parameter of this name",
        (
            "platform.yaml:12:15: services.a.command[0]: {ssm:/db/password}: "
            "is a SecureString: name it under `secrets`, so that only tasks can read it"
        ),
        (
            "platform.yaml:12:37: services.a.command[1]: {cloudformation:net-dev.One}: "
            "net-dev has no output One; it has Two"
        ),
    ]


@pytest.mark.usefixtures("aws")
def test_a_value_that_is_wrong_where_it_stands_is_a_mistake_there(file: Path):
    keep({"/net/dev/vpc": "vpc_1"}, One="subnet-00000001")
    assert mistakes(file, NETWORK) == [
        (
            "platform.yaml:11:14: network.existing.vpc.id: 'vpc_1' is not right: "
            "the id of a VPC, such as vpc-0a1b2c3d4e5f67890 (the value of {ssm:/net/dev/vpc})"
        )
    ]


@pytest.mark.usefixtures("aws")
def test_rules_between_values_are_looked_at_once_they_are_known(file: Path):
    private = (
        "network: {subnets: {public: {}, private: {}}, endpoints: auto}\n"
        "service_defaults: {image: '{ssm:/image}'}\n"
    )
    keep({"/image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/web:1"})
    file.write_text(SHOP)
    shop = SHOP.replace('image: {uri: "public.ecr.aws/nginx/nginx:1.27"}', "cpu: 256")
    shop = shop.replace("service_defaults: {cpu: 256, memory: 512}", "")
    file.write_text(shop + private)
    assert load(file, environ={}).is_open
    client("ssm").put_parameter(Name="/image", Value="nginx", Type="String", Overwrite=True)
    with (
        open_reads(connection(), Stack("s", "s")) as reads,
        pytest.raises(LoadError, match="nginx cannot be pulled without NAT"),
    ):
        complete(reads, load(file, environ={}))


@pytest.mark.usefixtures("aws")
def test_a_destroy_does_without_values_that_are_gone(file: Path):
    assert read(file, NETWORK, needed=False).network.existing.vpc.id == "{ssm:/net/dev/vpc}"


@pytest.mark.usefixtures("aws")
def test_of_a_file_without_such_values_aws_is_asked_nothing(file: Path):
    file.write_text(SHOP)
    calls = Counter[str]()
    connection().notify_of_calls(lambda call: calls.update([call.operation]))
    with open_reads(connection(), Stack("s", "s")) as reads:
        complete(reads, load(file, environ={}))
    assert not calls


@pytest.mark.usefixtures("aws")
def test_many_parameters_are_asked_for_ten_at_a_time(file: Path):
    keep({f"/p/{n}": str(n) for n in range(12)})
    named = ", ".join(f'V{n}: "{{ssm:/p/{n}}}"' for n in range(12))
    found = read(file, f"  a: {{environment: {{{named}}}}}").services["a"].environment
    assert found == {f"V{n}": str(n) for n in range(12)}


@pytest.mark.usefixtures("aws")
def test_values_of_another_account_are_not_read(file: Path):
    with pytest.raises(RunRefused, match="is for account 000000000000"):
        read(file, f"account: '{'0' * 12}'\n{NETWORK}")
