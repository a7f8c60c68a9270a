"""A rule to which the file gives no priority keeps its own, unless the file gives that to another one."""

from reconciler.blueprint.priorities import choose
from reconciler.resources.listener_rule import ListenerRule

LISTENER = "arn:listener"


def rule(name: str, priority: int = 0, path: str = "/a", listener: str = LISTENER) -> ListenerRule:
    chosen, paths = not priority, frozenset({path})
    return ListenerRule(name=name, listener=listener, priority=priority, chosen=chosen, paths=paths)


def priorities(*rules: ListenerRule, **known: object) -> dict[str, int]:
    return {one.name: one.priority for one in choose(rules, **known)}  # type: ignore[arg-type]


def test_a_rule_keeps_its_priority():
    assert priorities(rule("a"), kept={"a": 77}) == {"a": 77}


def test_a_priority_that_the_file_gives_to_another_rule_is_left_to_it():
    found = priorities(rule("a"), rule("b", 5, "/b"), kept={"a": 5})
    assert found["b"] == 5
    assert found["a"] != 5


def test_no_rule_gets_the_priority_of_one_of_others_in_its_listener():
    (free,) = priorities(rule("a")).values()
    assert priorities(rule("a"), others={LISTENER: {free: None}})["a"] != free
    assert priorities(rule("a"), others={"arn:other": {free: None}})["a"] == free


def test_each_listener_has_priorities_of_its_own():
    found = priorities(rule("a"), rule("b", listener="arn:other"))
    assert found["a"] == found["b"]
