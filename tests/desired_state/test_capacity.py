"""Limits that no request raises are mistakes of the file, and quotas are warnings."""

import pytest
from platform_files import HEAD

from desired_state.warnings import find_warnings

WIDE = "network: {subnets: {public: {prefix: 17}}}\n"


def services(number: int, settings: str = "") -> str:
    return "services:\n" + "".join(
        f"  s{n}: {{{settings.replace('NUMBER', str(n + 1))}}}\n" for n in range(number)
    )


def test_a_load_balancer_has_a_hundred_target_groups(files):
    routed = "routes: [{priority: NUMBER, paths: [/NUMBER]}]"
    assert files.mistakes(HEAD + WIDE + services(100, routed)) == []
    (mistake,) = files.mistakes(HEAD + WIDE + services(102, routed))
    assert mistake == (
        "platform.yaml:106:10: services.s100.routes: 102 ports of services have routes, each with a target group of its own, "
        "and a load balancer takes 100: take the routes of 2 out"
    )


def test_the_tag_with_the_stack_has_at_most_256_characters(files):
    text = f"platform: {'p' * 250}\nenvironment: dev\nsuffix: dev\nregion: us-east-1\n"
    (mistake,) = files.mistakes(text)
    assert mistake.startswith("platform.yaml:1:1: platform: the tag ecs-reconciler:stack would be p")
    assert mistake.endswith("264 characters of 256: shorten the platform by 8")


@pytest.mark.parametrize("route", ["", ", listener: LISTENER"])
def test_the_tag_with_the_name_of_a_rule_has_at_most_256_characters(files, route):
    text = (
        HEAD
        + "load_balancer: {listeners: {LISTENER: {port: 80}}}\n"
        + services(1, f"routes: [{{priority: 1, paths: [/]{route}}}]")
    )
    assert files.mistakes(text.replace("LISTENER", "n" * 240)) == []
    (mistake,) = files.mistakes(text.replace("LISTENER", "n" * 241))
    assert mistake.startswith("platform.yaml:4:29: load_balancer.listeners.nnn")
    assert mistake.endswith("257 characters of 256: shorten the listener's name by 1")


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (WIDE + services(20, "desired_count: 50"), []),
        (
            WIDE + services(21, "desired_count: 48, routes: [{priority: NUMBER, paths: [/NUMBER]}]"),
            ["1,008 tasks with routes; an account has a quota of 1,000 targets for a load balancer"],
        ),
        (
            WIDE + services(42, "desired_count: 48"),
            ["2,016 tasks; an account has a quota of 2,000 instances for a namespace"],
        ),
        (
            "load_balancer: {listeners: {"
            + ", ".join(f"l{n}: {{port: {n + 1}}}" for n in range(51))
            + "}, ingress: [10.0.0.0/8, 172.16.0.0/12]}\n",
            [
                "51 listeners; an account has a quota of 50 listeners for a load balancer",
                "102 ranges by listener; an account has a quota of 60 rules for a security group",
            ],
        ),
        (
            WIDE + services(60, "port: 90NUMBER, routes: [{priority: NUMBER, paths: [/NUMBER]}]"),
            ["61 ports of services; an account has a quota of 60 rules for a security group"],
        ),
        (
            services(30, "scaling: {max: 10, cpu: 50}"),
            [
                "600 tasks may run if all services are at their most in a deployment, and the public subnets have addresses for 502: s0 20, s1 20, s2 20, s3 20, 26 more 520"
            ],
        ),
    ],
    ids=["none", "targets", "instances", "listeners", "ports", "addresses"],
)
def test_a_quota_that_can_be_raised_is_a_warning(files, text, messages):
    found = [warning.message for warning in find_warnings(files.load(HEAD + text))]
    assert [m.removesuffix(", until it is raised in Service Quotas") for m in found] == messages
