"""Routes go to HTTPS where there is any; a route that leaves a listener for another moves without a gap."""

from pathlib import Path

import pytest
from crash.cloud import Run, cloud, run
from crash.prerequisites import CERTIFICATE

from desired_state import Platform, load
from reconciler.model.plan import Op
from reconciler.plan.safety import Consent, objections
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_text import plan_text
from reconciler.resources import KINDS
from reconciler.sandbox import CALM

FILE = """
platform: shop
environment: crash
suffix: "{environment}"
region: us-east-1
images: {check: false}
load_balancer: {listeners: {http: {port: 80}}}
services:
  web: {image: {uri: nginx}, routes: [{priority: 1, paths: ["/*"]}]}
"""
HTTPS = f"https: {{port: 443, certificate: '{CERTIFICATE}'}}"
NEW, OLD = "listener_rule.alb-crash-https-web", "listener_rule.alb-crash-http-web"


def platform(folder: Path, listeners: str = "", text: str = FILE) -> Platform:
    """Return the platform with an overlay that says more about its listeners."""
    (folder / "environments").mkdir(exist_ok=True)
    (folder / "platform.yaml").write_text(text)
    overlay = f"load_balancer: {{listeners: {{{listeners}}}}}\n" if listeners else ""
    (folder / "environments" / "crash.yaml").write_text(overlay)
    return load(folder / "platform.yaml", environ={})


def changed(folder: Path, listeners: str) -> Run:
    """Apply the file, then with these listeners."""
    with cloud(CALM) as clock:
        assert run(platform(folder), clock).clean
        moved = run(platform(folder, listeners), clock)
        assert moved.clean
        assert run(platform(folder, listeners), clock).todo.changes == ()
        return moved


def test_an_overlay_with_https_moves_routes_to_it_the_new_rule_first_and_the_old_one_last(tmp_path):
    moved = changed(tmp_path, f"{HTTPS}, http: {{redirect: {{}}}}")
    (change,) = [c for c in moved.todo.changes if c.moved]
    (deletion,) = [c for c in moved.todo.changes if c.op is Op.DELETE]
    assert (change.key, change.replaces, str(deletion.address)) == (NEW, deletion.key, OLD)
    assert moved.outcome.done.index(NEW) < moved.outcome.done.index(deletion.key)


def test_a_move_says_what_changes_for_clients_and_needs_consent_to_replacements(tmp_path):
    todo = changed(tmp_path, f"{HTTPS}, http: {{redirect: {{}}}}").todo
    effect = (
        "clients reach it at HTTPS port 443 from then on; HTTP port 80 redirects them (301) to HTTPS port 443"
    )
    shown = f"  → {NEW}   moves (new one first); needs --allow-replace\n      {effect}\n"
    assert shown + "      listener: alb-crash-http → alb-crash-https\n" in plan_text(todo)
    assert "1 to move" in plan_text(todo)
    (entry,) = [entry for entry in plan_document(todo)["changes"] if entry["op"] == "move"]
    assert entry["note"] == effect
    (refused,) = objections(KINDS, todo, Consent(yes=True), asks=True)
    assert refused == f"{NEW} would move, so that clients find it elsewhere\n  allow it: --allow-replace"
    assert not objections(KINDS, todo, Consent(replace=True), asks=False)


@pytest.mark.parametrize(
    ("listeners", "told"),
    [
        (f"{HTTPS}, http: null", "nothing listens where it was"),
        (HTTPS, "HTTP port 80 answers 404"),
        (
            f"{HTTPS}, http: {{redirect: {{port: 8443, status: 302}}}}",
            "redirects them (302) to HTTPS port 8443",
        ),
    ],
)
def test_what_the_old_listener_answers_then_is_told(tmp_path, listeners, told):
    assert told in plan_text(changed(tmp_path, listeners).todo)


def test_a_route_with_other_conditions_elsewhere_is_another_route(tmp_path):
    other = FILE.replace('priority: 1, paths: ["/*"]', "priority: 2, paths: [/a], listener: https")
    with cloud(CALM) as clock:
        run(platform(tmp_path), clock)
        todo = run(platform(tmp_path, HTTPS, other), clock).todo
    assert not [c for c in todo.changes if c.moved]
    assert {str(c.address) for c in todo.changes if c.op is Op.DELETE} == {OLD}


def test_a_route_that_changes_its_conditions_too_is_known_by_its_priority(tmp_path):
    other = FILE.replace('paths: ["/*"]', "hosts: [shop.example.com]")
    with cloud(CALM) as clock:
        run(platform(tmp_path), clock)
        todo = run(platform(tmp_path, HTTPS, other), clock).todo
    assert [c.key for c in todo.changes if c.moved] == [NEW]
    listener = "      listener: alb-crash-http → alb-crash-https\n"
    assert f"{listener}      paths: - /*\n      hosts: + shop.example.com\n" in plan_text(todo)


def test_what_leaves_the_file_is_called_by_its_name(tmp_path):
    with cloud(CALM) as clock:
        assert run(platform(tmp_path, f"{HTTPS}, http: {{redirect: {{}}}}"), clock).clean
        todo = run(platform(tmp_path), clock).todo
    assert "      listener: alb-crash-https → alb-crash-http\n" in plan_text(todo)


def test_routes_of_several_services_move_each_for_itself(tmp_path):
    more = (
        FILE
        + "  api: {image: {uri: nginx}, routes: [{priority: 9, paths: [/api]}, {priority: 8, paths: [/b]}]}\n"
    )
    with cloud(CALM) as clock:
        run(platform(tmp_path, text=more), clock)
        todo = run(platform(tmp_path, HTTPS, more), clock).todo
    moved = {c.key: c.replaces.partition("#")[0] for c in todo.changes if c.moved and c.replaces}
    assert moved == {
        NEW: OLD,
        "listener_rule.alb-crash-https-api": "listener_rule.alb-crash-http-api",
        "listener_rule.alb-crash-https-api-2": "listener_rule.alb-crash-http-api-2",
    }
