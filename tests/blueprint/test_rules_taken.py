"""Whatever routes a valid file has, AWS takes their rules, and tells them as they are wanted."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.elbv2.exceptions import ELBClientError

from desired_state import LoadError, load
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.resources.listener_rule import ListenerRule, from_aws
from reconciler.resources.listener_rule.all_actions import act
from reconciler.resources.listener_rule.conditions import to_conditions
from reconciler.sandbox.elbv2.action_checks import check_actions
from reconciler.sandbox.elbv2.actions import complete_actions
from reconciler.sandbox.elbv2.condition_checks import check_conditions
from reconciler.sandbox.elbv2.conditions import complete_conditions

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/a"
LISTENERS = {"https": {"port": 443, "certificate": CERTIFICATE}, "http": {"port": 80}}
COMPARED = ("paths", "hosts", "methods", "headers", "query", "source", "other_conditions", "priority", "answer")


def some(*values: Any, most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=9)
CONDITIONS = {
    "paths": some("/*", "/", "/a/?", "*.jpg", "/a'b\"c@d:e&f+g~h", "?x", most=3),
    "hosts": some("a.com", "*.com", "?.b.com", "A.org", "a-1.com", most=3),
    "methods": some("GET", "post", "M-SEARCH"),
    "headers": st.dictionaries(
        st.sampled_from(("X-Env", "x_y", "Cookie")), st.lists(TEXTS, min_size=1, max_size=2), max_size=2
    ),
    "query": st.dictionaries(
        TEXTS | st.just("*"), st.lists(TEXTS, min_size=1, max_size=2, unique=True), max_size=2
    ),
    "source": some("10.0.0.0/8", "192.0.2.7/32", "::/0", "2001:db8::/32"),
}
REDIRECTS = st.fixed_dictionaries(
    {},
    optional={
        "host": st.sampled_from(("new.com", "#{host}")),
        "path": st.sampled_from(("/x", "/#{path}")),
        "port": st.sampled_from((443, 8443, 80)),
        "protocol": st.sampled_from(("HTTP", "HTTPS")),
        "query": st.sampled_from(("", "a=b")),
        "status": st.sampled_from((301, 302)),
    },
)
RESPONSES = st.fixed_dictionaries({}, optional={"status": st.sampled_from((200, 403, 503)), "body": TEXTS})
CONDITIONED = st.lists(st.sampled_from(sorted(CONDITIONS)), min_size=1, max_size=2, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: CONDITIONS[key] for key in keys})
)
ANSWERS = st.one_of(
    st.just({}),
    REDIRECTS.map(lambda redirect: {"redirect": redirect}),
    RESPONSES.map(lambda response: {"fixed_response": response}),
)
PLACES = st.fixed_dictionaries(
    {},
    optional={
        "priority": st.sampled_from((1, 2, 50_000)),
        "listener": st.sampled_from(("https", "http")),
    },
)
ROUTES = st.tuples(CONDITIONED, ANSWERS, PLACES).map(lambda parts: {k: v for p in parts for k, v in p.items()})


def rules_of(folder: Path, routes: list[Any]) -> list[ListenerRule]:
    """Return the rules of a file with these routes. Raises `LoadError`."""
    file = folder / "platform.yaml"
    base = {"platform": "shop", "environment": "dev", "region": "us-east-1"}
    services = {"web": {"image": "nginx", "routes": routes}}
    file.write_text(json.dumps({**base, "load_balancer": {"listeners": LISTENERS}, "services": services}))
    specs = blueprint(load(file, environ={}), FACTS)
    return [spec for spec in specs if isinstance(spec, ListenerRule)]


@given(routes=st.lists(ROUTES, min_size=1, max_size=3))
def test_what_the_file_may_say_aws_takes_and_tells_again(tmp_path_factory, routes):
    try:
        rules = rules_of(tmp_path_factory.mktemp("file"), routes)
    except LoadError:
        return
    for want in rules:
        conditions, actions = (
            to_conditions(want),
            act(want, {} if want.answer else {want.target_group: 1})["Actions"],
        )
        check_conditions(conditions)
        check_actions(actions, want.listener.name.rpartition("-")[2].upper())
        told = {"Priority": want.priority, "Conditions": complete_conditions(conditions)}
        live = from_aws(want.name, want.tags, "arn:l", {**told, "Actions": complete_actions(actions)})
        assert [getattr(live, field) for field in COMPARED] == [getattr(want, field) for field in COMPARED]


@pytest.mark.parametrize(
    "route",
    [
        {"paths": [f"/{n}" for n in range(6)]},
        {"paths": ["/*/*/*"], "hosts": ["*.*.*.*.com"]},
        {"hosts": ["shop"]},
        {"hosts": [f"{'a' * 126}.com"]},
        {"headers": {"Host": ["a"]}},
        {"headers": {"X" * 41: ["a"]}},
        {"methods": ["G T"]},
        {"source": ["10.0.0.1"]},
        {},
    ],
)
def test_what_aws_refuses_is_told_before(tmp_path, route):
    with pytest.raises(LoadError):
        rules_of(tmp_path, [route])
    fields = {key: frozenset(value) if isinstance(value, list) else value for key, value in route.items()}
    want = ListenerRule(name="r", listener="l", priority=1, **fields)
    with pytest.raises(ELBClientError):
        check_conditions(to_conditions(want))
