"""A drift report in each form: what a person reads first, what a program reads, and nothing that does harm."""

import json
import re
from dataclasses import replace

import pytest
from reports import difference

from reconciler.model.aws_default import NotInFile
from reconciler.model.drift import (
    Attribution,
    DriftReport,
    Finding,
    Known,
    NotCompared,
    Remark,
    Severity,
    Status,
)
from reconciler.model.lease import Applied
from reconciler.model.plan import Scope
from reconciler.model.references import Address
from reconciler.render.drift_json import drift_document
from reconciler.render.drift_markdown import drift_markdown
from reconciler.render.drift_text import drift_text
from reconciler.render.plan_markdown import MOST
from reconciler.resources.security_group import Rule

SCOPE = Scope("shop/dev/us-east-1", "123456789012", "us-east-1")
AT = "2026-11-27T22:14:03+00:00"
CLEAN = DriftReport(SCOPE, AT, "d1")

SSH = Rule(from_port=22, to_port=22, cidr="0.0.0.0/0")
OPENED = difference(
    "security_group_rules", "tasks-dev", "ingress.tcp 22 0.0.0.0/0", SSH, None, Severity.SECURITY,
    where=("ingress", SSH), item=True,
)  # fmt: skip
STOPPED = difference(
    "ecs_service", "svc-web-dev", "desired_count", 0, 2, Severity.AVAILABILITY, service="web",
    where=("desired_count",), outputs={"id": "svc-web-dev"}, held="it waits for a window",
)  # fmt: skip
PASSWORD = replace(
    STOPPED,
    address=Address("task_definition", "task-web-dev"),
    path="containers.web.environment.DB_PASSWORD",
    where=("containers", "web", "environment", "DB_PASSWORD"),
    live="hunter2",
    want="hunter3",
    severity=Severity.CONFIGURATION,
    held="",
)
LOST = replace(
    STOPPED, address=Address("log_group", "/web"), finding=Finding.MISSING, path="", where=(), held=""
)
ORPHAN = replace(
    OPENED,
    address=Address("listener", "theirs"),
    finding=Finding.ORPHANED,
    path="",
    where=(),
    item=False,
    id="arn:aws:elasticloadbalancing:us-east-1:1:listener/app/alb/1/2",
)
TEAM = replace(STOPPED, path="tags.team", where=("tags", "team"), severity=Severity.TAGS, status=Status.IGNORED)
GROWN = replace(STOPPED, path="grace_period", where=("grace_period",), status=Status.NOT_APPLIED, held="")

REPORT = replace(
    CLEAN,
    differences=(OPENED, ORPHAN, STOPPED, LOST, PASSWORD, TEAM, GROWN),
    not_compared=(NotCompared("iam_role", "AWS did not answer iam.list_roles: AccessDenied"),),
    dangerous=(Remark("ecr_repository.web", "its repository policy lets everybody in", Severity.SECURITY),),
    foreign=(Remark("subnet.subnet-9", "subnet-9, in or on vpc.main, belongs to stack other"),),
    remarks=(Remark("ecs_service.svc-mail-dev", "a rollout is under way"),),
    not_in_file=(NotInFile(Address("iam_role", "a"), "max_session", 7200, 3600, "roles.max_session"),),
    applied=Applied("d0", AT, "arn:anna", "0.1.0", "cGFja2Vk"),
    obstacle="this file is not the one last applied (by arn:anna, at …): run apply",
    who={
        OPENED.key: Attribution(
            Known.FOUND, "user alice", AT, "AuthorizeSecurityGroupIngress", "e1", "console", exact=True
        )
    },
)

TEXT = """\
Drift of shop/dev/us-east-1 in account 123456789012, as read at 2026-11-27 22:14:03 UTC
5 differences: 2 security, 2 availability, 1 configuration; 1 not applied yet; 1 not compared; 1 ignored; 1 danger beside the file.
Nothing is corrected: this file is not the one last applied (by arn:anna, at …): run apply.

network
  security_group_rules.tasks-dev
    ✗ security       ingress has tcp 22 0.0.0.0/0, and the file has not
                     by user alice, 2026-11-27 22:14:03 UTC (AuthorizeSecurityGroupIngress, console)

load balancing
  listener.theirs
    ✗ security       app/alb/1/2 is this stack's, and the file does not have it

service web
  ecs_service.svc-web-dev
    ‖ availability   desired_count is 0, by the file 2
                     not corrected: it waits for a window
  log_group./web
    ‖ availability   missing: AWS does not have it
  task_definition.task-web-dev
    ~ configuration  containers.web.environment.DB_PASSWORD is (hidden), by the file (hidden, changed)

Dangerous, though the file does not speak of it:
    ecr_repository.web: its repository policy lets everybody in   (security)

Not compared, so that nothing is known of it:
    ? iam_role: AWS did not answer iam.list_roles: AccessDenied

Not applied yet: an apply of this file would change
    ecs_service.svc-web-dev: grace_period is 0, by the file 2   (availability)

Ignored, as the file says:
    ecs_service.svc-web-dev: tags.team is 0, by the file 2   (tags)

Of others, in or on what is this stack's; left alone:
    subnet.subnet-9: subnet-9, in or on vpc.main, belongs to stack other

To know:
    ecs_service.svc-mail-dev: a rollout is under way

Not in the file, and left as it is:
    iam_role.a: max_session is 7200, by default 3600   (to set it: roles.max_session)
"""


def test_a_report_as_text():
    assert drift_text(REPORT) == TEXT


def test_a_reason_that_holds_many_is_told_once_above_them():
    waits = "it waits for a window"
    many = [replace(STOPPED, path=f"field_{n}", where=(f"field_{n}",), held=waits) for n in range(4)]
    other = replace(LOST, held="it is protected")
    text = drift_text(replace(CLEAN, differences=(*many, other)))
    assert text.count(waits) == 1
    assert "Not corrected, unless another reason is told: it waits for a window." in text.splitlines()
    assert "not corrected: it is protected" in text


def test_a_danger_is_told_in_the_headline_although_nothing_differs():
    exposed = replace(CLEAN, dangerous=(Remark("ecr_repository.web", "open to all", Severity.SECURITY),))
    headline = drift_text(exposed).splitlines()[1]
    assert headline.endswith("and is as the file says; 1 danger beside the file.")


def test_what_is_ignored_is_told_in_the_headline():
    headline = drift_text(replace(CLEAN, differences=(TEAM,))).splitlines()[1]
    assert headline == "No drift: all of it was compared, and is as the file says, but for 1 ignored."


def test_a_clean_report_is_one_sentence():
    assert drift_text(CLEAN).splitlines()[1:] == ["No drift: all of it was compared, and is as the file says."]
    assert CLEAN.clean


@pytest.mark.parametrize(
    "change",
    [
        {"differences": (STOPPED,)},
        {"differences": (GROWN,)},
        {"not_compared": (NotCompared("iam_role", "no"),)},
    ],
)
def test_a_report_is_clean_only_if_all_was_compared_and_is_equal(change):
    assert not replace(CLEAN, **change).clean
    assert "No drift" not in drift_text(replace(CLEAN, **change))


def test_what_is_ignored_or_only_to_know_keeps_a_report_clean():
    assert replace(CLEAN, differences=(TEAM,), remarks=REPORT.remarks, foreign=REPORT.foreign).clean


def test_services_that_differ_alike_are_shown_once():
    alike = tuple(
        replace(STOPPED, address=Address("ecs_service", f"svc-a{n}-dev"), service=f"a{n}", held="")
        for n in range(12)
    )
    told = drift_text(replace(CLEAN, differences=alike))
    assert told.count("desired_count is 0") == 1
    assert "11 more services have the same changes, each under its own name:" in told


def test_a_report_as_data():
    found = drift_document(REPORT)
    assert json.dumps(json.loads(json.dumps(found))) == json.dumps(found)
    assert (found["version"], found["clean"], found["stack"]) == (1, False, "shop/dev/us-east-1")
    assert found["counts"] == {"security": 2, "availability": 2, "configuration": 1, "tags": 0}
    first = found["differences"][0]
    assert first | {"live": None, "who": None} == {
        "key": "security_group_rules.tasks-dev.ingress.tcp 22 0.0.0.0/0",
        "address": "security_group_rules.tasks-dev",
        "type": "security_group_rules",
        "name": "tasks-dev",
        "service": None,
        "finding": "changed",
        "field": "ingress.tcp 22 0.0.0.0/0",
        "severity": "security",
        "status": "drift",
        "id": None,
        "note": None,
        "held": None,
        "live": None,
        "want": None,
        "who": None,
    }
    assert first["live"]["from_port"] == 22
    assert first["who"]["actor"] == "user alice"
    assert found["not_compared"] == [
        {"what": "iam_role", "why": "AWS did not answer iam.list_roles: AccessDenied"}
    ]
    assert found["applied"] == {"digest": "d0", "at": AT, "actor": "arn:anna", "program": "0.1.0"}


def test_whole_resources_have_no_values():
    found = drift_document(REPORT)["differences"]
    assert [d["finding"] for d in found if "live" not in d] == ["orphaned", "missing"]


@pytest.mark.parametrize(
    "form", [drift_text, drift_markdown, lambda *a, **k: json.dumps(drift_document(*a, **k))]
)
def test_secrets_are_shown_only_if_asked_for(form):
    assert "hunter" not in form(REPORT)
    assert "hunter2" in form(REPORT, show_values=True)


EVIL = "\x1b[2J</td><script>alert(1)</script>|`@everyone` [x](http://evil) <!channel>\n# no\u202e"


def evil() -> DriftReport:
    said = replace(STOPPED, live=EVIL, held=EVIL, path=f"tags.{EVIL}", where=("tags", EVIL))
    who = Attribution(Known.FOUND, f"role Admin, session {EVIL}", AT, "TagResource", "e1", EVIL)
    remark = Remark(EVIL, EVIL)
    return replace(
        REPORT,
        differences=(said, replace(said, path="deployment", words=EVIL)),
        who={said.key: who},
        dangerous=(remark,),
        foreign=(remark,),
        remarks=(remark,),
        not_compared=(NotCompared(EVIL, EVIL),),
        obstacle=EVIL,
    )


def test_a_terminal_obeys_nothing_of_it():
    told = drift_text(evil())
    assert all(character.isprintable() or character == "\n" for character in told)
    assert "\n# no" not in told


def test_markdown_makes_nothing_of_it():
    told = drift_markdown(evil())
    assert all(character.isprintable() or character == "\n" for character in told)
    plain = re.sub(r"\\.", "", told)  # without what is escaped
    assert not [
        word for word in ("<script", "@everyone", "[x]", "http://", "<!", "\n# no", "`") if word in plain
    ]
    rows = [line for line in plain.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {5}


def test_markdown_fits_a_comment_with_the_worst_first():
    many = [
        replace(PASSWORD, address=Address("task_definition", f"task-{n}-dev"), service=f"a{n}")
        for n in range(2000)
    ]
    told = drift_markdown(replace(REPORT, differences=(*many, OPENED)))
    assert len(told) <= MOST
    assert told.index("tcp 22") < told.index("DB\\_PASSWORD")
    assert "more lines are left out" in told
