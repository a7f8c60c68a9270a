"""What a file names and no run makes: rehearsals have it."""

import pytest
from platform_files import HEAD

from desired_state.elsewhere import find_named_elsewhere, list_existing

GUARD = "arn:aws:iam::123456789012:policy/team/guard"
DIGEST = "0" * 64
SERVICES = """
load_balancer: {listeners: {https: {port: 443, certificate: "arn:aws:acm:us-east-1:123456789012:certificate/a"}}}
drift_correction: {image: "registry.example:5000/drift:v1@sha256:DIGEST"}
services:
  own: {tracing: none}
  web: {image: {uri: "nginx:1.27"}, tracing: {xray: {image: "amazon/aws-xray-daemon:latest"}}}
"""


def test_certificates_and_images_of_other_registries_are_named(files):
    assert [*find_named_elsewhere(files.load(HEAD + SERVICES.replace("DIGEST", DIGEST)))] == [
        "arn:aws:acm:us-east-1:123456789012:certificate/a",
        "nginx:1.27",
        "amazon/aws-xray-daemon:latest",
        f"registry.example:5000/drift:v1@sha256:{DIGEST}",
    ]


@pytest.mark.parametrize(
    ("boundary", "named"),
    [(GUARD, [GUARD]), ("none", []), ("null", []), ("arn:aws:iam::aws:policy/PowerUserAccess", [])],
    ids=["own", "none", "null", "of AWS"],
)
def test_a_boundary_is_named_unless_it_is_a_policy_of_aws(files, boundary, named):
    assert [*find_named_elsewhere(files.load(f"{HEAD}roles: {{boundary: {boundary}}}\n"))] == named


def test_what_exists_already_is_listed_with_how_the_file_names_it(files):
    existing = """
network:
  existing:
    vpc: vpc-12345678
    subnets: {public: {tags: {Tier: public}}}
    allow: {route_tables: [rtb-12345678]}
  endpoints: [s3]
cluster: {existing: "arn:aws:ecs:us-east-1:123456789012:cluster/shared"}
services:
  a: {logs: {existing: /a}, roles: {task: "arn:aws:iam::123456789012:role/a"}}
  b: {logs: {existing: /a}, image: {repository: shop/b, tag: v1}}
"""
    assert list_existing(files.load(HEAD + existing)) == [
        {
            "type": "network",
            "vpc": {"id": "vpc-12345678", "tags": {}},
            "subnets": {"public": {"ids": [], "tags": {"Tier": "public"}}},
            "route_tables": ["rtb-12345678"],
        },
        {"type": "cluster", "name": "shared"},
        {"type": "log_group", "name": "/a"},
        {"type": "role", "arn": "arn:aws:iam::123456789012:role/a"},
        {"type": "repository", "name": "shop/b", "tags": ["v1"]},
    ]


def test_so_are_groups_namespaces_repositories_and_policies_but_not_what_only_aws_can_name(files):
    existing = """
network: {existing: {vpc: vpc-12345678, subnets: {private: [subnet-12345678, subnet-23456789]}}}
discovery: {existing: ns-abcdef}
services:
  a: {image: {repository: shop/a, tag: v1}, security_groups: [sg-12345678, "{ssm:/group}"], tracing: none}
  b: {image: {repository: shop/a}, policies: ["arn:aws:iam::123456789012:policy/b", "arn:aws:iam::aws:policy/c"], tracing: none}
"""
    vpc = {"id": "vpc-12345678", "tags": {}}
    _network, *named = list_existing(files.load(HEAD + existing))
    assert named == [
        {"type": "security_group", "id": "sg-12345678", "vpc": vpc},
        {"type": "namespace", "id": "ns-abcdef", "vpc": vpc},
        {"type": "policy", "arn": "arn:aws:iam::123456789012:policy/b"},
        {"type": "repository", "name": "shop/a", "tags": ["latest", "v1"]},
    ]
