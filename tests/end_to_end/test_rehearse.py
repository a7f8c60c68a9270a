"""A rehearsal: apply, nothing to do, destroy, nothing left, in seconds and on an AWS of its own."""

import json
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from support import SMALL

from desired_state.load import DEFAULT_FILE, load
from reconciler.aws.client import enclosed
from reconciler.aws.clock import Clock
from reconciler.aws.errors import THROTTLING_CODES
from reconciler.cli import main
from reconciler.cli import rehearse as command
from reconciler.rehearsal import rehearse
from reconciler.render.rehearsal_json import rehearsal_document
from reconciler.render.rehearsal_text import format_clock, rehearsal_text
from reconciler.render.timeline import find_critical_path
from reconciler.render.values import format_duration
from reconciler.sandbox import CALM, REAL
from reconciler.sandbox.private import private
from reconciler.target import Target


def written(tmp_path, services):
    path = tmp_path / "platform.yaml"
    path.write_text(SMALL + "services:\n" + "".join(f"  {name}: {body}\n" for name, body in services.items()))
    return path


@cache
def usual():
    """Rehearse the default platform, once for all tests."""
    return command.rehearse_target(Target(DEFAULT_FILE, "dev"))


def test_the_default_platform_would_come_up_and_go():
    assert not usual().problems
    assert 150 < usual().apply.seconds < 420
    assert 300 < usual().destroy.seconds < 800  # interfaces linger for 5 to 10 minutes


def test_every_change_is_on_the_timeline():
    for done in (usual().apply, usual().destroy):
        assert {span.change.key for span in done.spans} == {change.key for change in done.plan.changes}
        assert {span.how for span in done.spans} == {"done"}


def test_the_critical_path_leads_to_the_end_without_a_gap():
    legs = find_critical_path(usual().apply.spans)
    assert legs[-1].span.change.address.kind == "ecs_service"
    assert [leg.until for leg in legs[:-1]] == [leg.span.begin for leg in legs[1:]]
    assert legs[-1].until == pytest.approx(usual().apply.seconds)


def test_it_tells_what_a_delete_was_blocked_by():
    waits = {said for span in usual().destroy.spans for said, _ in span.waits}
    assert any(said.startswith("blocked by eni-") and "ELB app/alb-dev/" in said for said in waits)
    assert any(said.startswith("blocked by task ") and " UTC" in said for said in waits)


def test_the_calls_are_those_of_the_plan_in_order():
    called = [c.call for c in usual().calls if c.act == "apply"]
    writes = [f"{c.service}.{c.operation}" for c in called if not c.reads]
    assert writes.index("ec2.create_vpc") < writes.index("ecs.create_service")
    assert {c.act for c in usual().calls} == {"apply", "plan", "destroy", "look"}
    assert not [c for c in usual().calls if c.act in ("plan", "look") and not c.call.reads]


def test_the_text_tells_times_causes_and_how_long_it_takes():
    text = rehearsal_text(usual())
    assert "+ load_balancer.alb-dev " in text
    assert "; 150 s: provisioning" in text
    assert "  critical path:\n" in text
    assert "create_vpc" not in text
    assert "> " not in text
    assert f"It would come up in about {format_duration(usual().apply.seconds)}, and go in about" in text
    assert "ec2.create_vpc CidrBlock=10.0.0.0/16" in rehearsal_text(usual(), calls=True)


def test_the_document_is_json():
    told = json.loads(json.dumps(rehearsal_document(usual(), calls=True)))
    assert told["ok"]
    assert told["apply"]["seconds"] == round(usual().apply.seconds, 1)
    assert len(told["calls"]) == len(usual().calls)


def test_a_service_that_ends_by_itself_would_not_come_up(tmp_path, capsys):
    path = written(tmp_path, {"web": "{environment: {SANDBOX_FAIL: exit}}"})
    assert main(["rehearse", str(path), "--env", "dev"]) == 1
    out = capsys.readouterr().out
    assert "✗ apply: ecs_service.svc-web-dev: " in out
    assert "Essential container in task exited" in out
    assert "This would fail" in out


def test_a_service_that_fails_its_health_check_would_not_come_up(tmp_path, capsys):
    route = "routes: [{priority: 1, paths: ['/']}], health_check: {path: /health}"
    path = written(tmp_path, {"web": f"{{environment: {{SANDBOX_FAIL: health}}, {route}}}"})
    assert main(["rehearse", str(path), "--env", "dev", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["ok"]
    assert "failed ELB health checks" in told["problems"][0]


def test_what_is_protected_is_not_destroyed_and_said(tmp_path, capsys):
    path = written(tmp_path, {"web": "{protect: true}"})
    assert main(["rehearse", str(path), "--env", "dev"]) == 0
    assert "destroy is not rehearsed: service web: is protected: " in capsys.readouterr().out


def rehearsed(path, profile, prepare):
    """Rehearse on an AWS that `prepare` has changed before."""
    with private(profile) as time:
        prepare(aws := enclosed("us-east-1"))
        return rehearse(load(path, "dev", environ={}), aws, Clock(time.now, time.advance))


def test_a_name_that_is_taken_is_a_problem_and_nothing_is_made(tmp_path):
    done = rehearsed(
        written(tmp_path, {"web": "{}"}),
        CALM,
        lambda aws: aws.client("ecs").create_cluster(clusterName="ecs-cluster-dev"),
    )
    (problem,) = done.problems
    assert problem.startswith("apply: ecs_cluster.ecs-cluster-dev: ecs-cluster-dev already has the name")
    assert not done.apply.spans
    assert {recorded.act for recorded in done.calls} == {"apply", "destroy", "look"}
    told = rehearsal_text(done, calls=True)
    assert "critical path" not in told
    assert "look: " in told
    assert "plan: " not in told


def test_an_image_that_is_not_pushed_is_a_problem(tmp_path):
    done = rehearsed(written(tmp_path, {"web": "{image: {tag: v2}}"}), CALM, lambda _aws: None)
    assert "apply: image.ecr-repo-web-dev:v2 is held: " in done.problems[0]
    assert "ecs_service.svc-web-dev is held: " in "\n".join(done.problems)
    assert "plan" not in {recorded.act for recorded in done.calls}


def test_what_others_leave_in_between_is_a_problem(tmp_path):
    marks = {"ecs-reconciler:stack": "shop/dev/us-east-1", "ecs-reconciler:name": "left"}

    def leave(model, **_):
        logs = boto3.client("logs", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
        logs.create_log_group(logGroupName=f"/aws/ecs/{model.name}-dev", tags=marks)

    def prepare(aws):
        for operation in ("CreateCluster", "DeleteCluster"):
            aws.session.events.register(f"before-parameter-build.ecs.{operation}", leave)

    done = rehearsed(written(tmp_path, {"web": "{}"}), CALM, prepare)
    assert done.problems == (
        "a second plan is not empty: delete log_group./aws/ecs/CreateCluster-dev",
        "left after destroy: log_group./aws/ecs/DeleteCluster-dev#/aws/ecs/DeleteCluster-dev",
    )
    assert "This would fail: 2 problems." in rehearsal_text(done)


def test_an_answer_that_is_lost_costs_time_and_makes_nothing_twice(tmp_path):
    calls = []

    def lose(**_):
        calls.append("create_vpc")
        if len(calls) == 1:
            raise ReadTimeoutError(endpoint_url="https://ec2")

    done = rehearsed(
        written(tmp_path, {"web": "{}"}),
        REAL,
        lambda aws: aws.session.events.register("after-call.ec2.CreateVpc", lose),
    )
    assert not done.problems
    assert len(calls) == 1
    (vpc,) = (span for span in done.apply.spans if span.change.address.kind == "vpc")
    assert vpc.waits[0] == ("checking whether the call took effect", pytest.approx(5))


def test_no_variable_leads_out_of_it(tmp_path, monkeypatch):
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_EC2", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "none-such")
    assert not command.rehearse_target(Target(written(tmp_path, {"web": "{}"}), "dev")).problems


def test_without_moto_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    assert main(["rehearse", str(DEFAULT_FILE), "--env", "dev"]) == 1
    assert "pip install 'ecs-reconciler[sandbox]'" in capsys.readouterr().err


@contextmanager
def answers(aws):
    """Return the error codes of all of AWS's answers, including those that botocore retries."""
    codes = []

    def note(response_dict=None, parsed_response=None, **_):
        codes.append((parsed_response or {}).get("Error", {}).get("Code"))

    aws.session.events.register("response-received.*.*", note)
    yield codes


def of_sixty(tmp_path):
    path = written(tmp_path, {f"s{n}": "{}" for n in range(60)})
    return load(path, "dev", environ={})


def test_sixty_services_come_and_go_without_one_throttled_answer(tmp_path):
    with private(replace(CALM, limits=True)) as time, answers(aws := enclosed("us-east-1")) as codes:
        done = rehearse(of_sixty(tmp_path), aws, Clock(time.now, time.advance))
    assert not done.problems
    assert not THROTTLING_CODES & {*codes}
    waits = {said for span in done.apply.spans for said, _ in span.waits}
    assert "waits to stay below AWS's rate of register_task_definition" in waits


def test_an_aws_that_throttles_all_the_same_is_slower_and_not_wrong(tmp_path, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)  # botocore's, between its tries of a read
    path = written(tmp_path, {"web": "{}"})
    seconds, refused = [], []
    for profile in (REAL, replace(REAL, throttled=0.1)):
        with private(profile) as time, answers(aws := enclosed("us-east-1")) as codes:
            done = rehearse(load(path, "dev", environ={}), aws, Clock(time.now, time.advance))
        assert not done.problems
        seconds.append(done.apply.seconds)
        refused.append(len(THROTTLING_CODES & {*codes}))
    assert refused[0] == 0 < refused[1]
    assert seconds[1] >= seconds[0]


def test_times_read_as_minutes_and_seconds():
    assert [format_clock(187.46), format_clock(59.96)] == [" 3:07.5", " 1:00.0"]
    assert [format_duration(250), format_duration(9.6)] == ["4 min 10 s", "10 s"]


def test_a_rehearsal_reads_the_same_each_time(tmp_path):
    path = written(tmp_path, {"web": "{routes: [{priority: 1, paths: ['/']}]}"})
    first, second = (rehearsal_text(command.rehearse_target(Target(path, "dev"))) for _ in range(2))
    assert "eni-" in first
    assert second == first
