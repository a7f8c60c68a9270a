"""Placeholders in values: of the platform, of discovery, and of what others keep in AWS."""

import pytest
from platform_files import HEAD

from desired_state import LoadError
from desired_state.load import fill_from_aws
from desired_state.references import Reference


def variables(files, **written):
    """Return the environment of a service, given its variables as YAML."""
    body = "".join(f"      {name}: {value}\n" for name, value in written.items())
    text = f"{HEAD}services:\n  web:\n    environment:\n{body}  api: {{port: 9000}}\n  job: {{port: none}}\n"
    return files.load(text).services["web"].environment


def test_values_take_what_the_platform_is(files):
    found = variables(files, A='"{platform}-{environment} in {region}"', B="http://{discovery.api}/x")
    assert found == {"A": "shop-dev in us-east-1", "B": "http://api.services-shop-dev.local:9000/x"}


def test_a_service_with_several_ports_is_reached_at_the_first_of_tcp_or_at_a_named_one(files):
    text = """services:
  web: {environment: {A: "{discovery.dns}", B: "{discovery.dns.query}", C: "{discovery.dns.admin}"}}
  dns: {ports: {query: {port: 53, protocol: udp}, transfer: 54, admin: {port: 9001}}}
"""
    host = "dns.services-shop-dev.local"
    found = files.load(HEAD + text).services["web"].environment
    assert found == {"A": f"{host}:54", "B": f"{host}:53", "C": f"{host}:9001"}


def test_the_name_of_a_namespace_that_exists_is_known_to_aws_only(files):
    text = """network: {existing: {vpc: vpc-12345678, subnets: {public: [subnet-12345678]}}}
discovery: {existing: "{ssm:/namespace}"}
services: {web: {environment: {A: "{discovery.api}"}}, api: {}}
"""
    platform = files.load(HEAD + text)
    assert platform.is_open
    values = {"ssm:/namespace": "ns-abc"}
    assert fill_from_aws(platform, values).discovery.existing == "ns-abc"
    filled = fill_from_aws(platform, {**values, "namespace": "their.local"})
    assert filled.services["web"].environment == {"A": "api.their.local:8080"}
    assert not filled.is_open


def test_the_account_of_the_file_is_known_at_once(files):
    text = f"{HEAD}account: '123456789012'\nservices: {{web: {{environment: {{A: '{{account}}'}}}}}}"
    platform = files.load(text)
    assert platform.services["web"].environment == {"A": "123456789012"}
    assert not platform.is_open


def test_another_account_is_known_to_aws_only(files):
    platform = files.load(
        f"{HEAD}services: {{web: {{image: '{{account}}.dkr.ecr.{{region}}.amazonaws.com/a:1'}}}}"
    )
    assert platform.is_open
    filled = fill_from_aws(platform, {"account": "123456789012"})
    assert filled.services["web"].image.uri == "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"
    assert not filled.is_open


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'{{environment}'", "{environment}"),
        ("'{{{environment}}'", "{dev}"),
        ('\'{"a": {"b": 1}}\'', '{"a": {"b": 1}}'),
        ("'${HOME} #{host} %{http_code}'", "${HOME} #{host} %{http_code}"),
        ("'{} {0} {a b} {'", "{} {0} {a b} {"),
        ("5", "5"),
        ("true", "true"),
    ],
)
def test_other_braces_are_themselves(files, written, value):
    assert variables(files, A=written) == {"A": value}


def test_placeholders_stand_in_secrets_hosts_images_commands_and_ids(files):
    text = """
service_defaults:
  secrets: {DB: "/shop/{environment}/db", API: {secret: "shop/{environment}/api"}}
services:
  web:
    image: "registry.example.com/web:{environment}"
    command: serve {environment} --in={region}
    routes: [{priority: 1, hosts: ["{environment}.example.com"]}]
    permissions: [{actions: ["sqs:*"], resources: ["arn:aws:sqs:{region}:*:{environment}-*"]}]
"""
    platform = files.load(HEAD + text)
    web = platform.services["web"]
    assert [secret.reference for secret in web.secrets.values()] == ["/shop/dev/db", "shop/dev/api"]
    assert web.image.uri == "registry.example.com/web:dev"
    assert web.command == ("serve", "dev", "--in=us-east-1")
    assert web.routes[0].hosts == ("dev.example.com",)
    assert web.permissions[0].resources == ("arn:aws:sqs:us-east-1:*:dev-*",)
    assert not platform.is_open


def test_texts_of_other_things_keep_their_words_in_braces(files):
    body = "load_balancer: {listeners: {http: {port: 80, default: {body: '{message}'}}}}"
    assert files.load(HEAD + body).load_balancer.listeners["http"].default.body == "{message}"


NETWORK = """network: {existing: {vpc: "{ssm:/net/{environment}/vpc}", subnets: {public: ["{cloudformation:net.One}"]}}}
"""


def test_references_stand_for_any_id_until_they_are_known(files):
    platform = files.load(HEAD + NETWORK)
    vpc, subnet = Reference("ssm", "/net/dev/vpc"), Reference("cloudformation", "net.One")
    assert platform.references.keys() == {vpc, subnet}
    known = {vpc.text: "vpc-00000001", subnet.text: "subnet-00000001"}
    filled = fill_from_aws(platform, known)
    assert filled.network.existing.vpc.id == "vpc-00000001"
    assert filled.references.keys() == {vpc, subnet}
    assert filled.digest != platform.digest


def test_what_aws_has_is_not_looked_at_for_placeholders(files):
    platform = files.load(f"{HEAD}services: {{web: {{environment: {{A: '{{ssm:/a}} {{{{x}}'}}}}}}")
    filled = fill_from_aws(platform, {"ssm:/a": "{environment} {{"})
    assert filled.services["web"].environment == {"A": "{environment} {{ {x}"}


def test_a_placeholder_is_no_id(files):
    platform = files.load(HEAD + NETWORK)
    with pytest.raises(LoadError, match="and no placeholder is looked for in it"):
        fill_from_aws(platform, {"ssm:/net/dev/vpc": "{ssm:/x}", "cloudformation:net.One": "subnet-00000001"})
