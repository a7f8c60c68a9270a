"""What has left the file is told under the service that it belonged to."""

from collections.abc import Iterable

from desired_state.names import Names
from reconciler.model.plan import Change, Op, Plan
from reconciler.model.references import Address
from reconciler.plan.former import former_headings

N = Names("shop-dev")
CLUSTER = ("ecs_cluster", N.cluster)


def headings(*leaving: tuple[str, str]) -> dict[str, str]:
    return former_headings(Plan(tuple(_deletions(leaving)), {}))


def _deletions(leaving: Iterable[tuple[str, str]]) -> Iterable[Change]:
    for kind, name in leaving:
        yield Change(name, Address(kind, name), Op.DELETE, (), (), frozenset(), {"id": name}, "services")


def test_every_part_of_a_service_is_told_under_it():
    parts = [
        ("ecs_service", N.service("api")),
        ("ecs_service", f"{N.service('web')} (draining)"),
        ("scalable_target", N.service("api")),
        ("task_definition", N.family("api")),
        ("ecr_repository", N.repository("api")),
        ("iam_role", N.task_role("api")),
        ("target_group", N.target_group("api")),
        ("cloud_map_service", "api"),
        ("log_group", N.log_group("api")),
        ("log_group", N.log_group("xray-api")),
        ("listener_rule", N.rule("http", "api", 1)),
        ("listener_rule", N.rule("http", "api", 2)),
    ]
    found = headings(CLUSTER, *parts)
    assert {found[name] for _, name in parts if "web" not in name} == {"service api"}
    assert found[f"{N.service('web')} (draining)"] == "service web"


def test_what_belongs_to_no_service_stays_where_it_is():
    others = [CLUSTER, ("iam_role", N.execution_role), ("log_group", "/other"), ("vpc", "vpc-shop-dev")]
    assert headings(*others, ("listener_rule", N.rule("http", "gone", 1))) == {}


def test_a_service_may_be_called_as_another_ones_daemon():
    services = [("ecs_service", N.service("xray-api")), ("ecs_service", N.service("api"))]
    group = N.log_group("xray-api")
    assert headings(CLUSTER, *services, ("log_group", group))[group] == "service xray-api"


def test_the_longest_name_that_a_rule_may_mean_counts():
    services = [("ecs_service", N.service("api")), ("ecs_service", N.service("my-api"))]
    rule = N.rule("http", "my-api", 2)
    assert headings(CLUSTER, *services, ("listener_rule", rule))[rule] == "service my-api"


def test_without_a_cluster_nothing_is_known_of_names():
    assert headings(("ecs_service", N.service("api"))) == {}
