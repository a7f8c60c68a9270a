import pytest
from support import OURS, SHOP, client
from whole import ENVIRONMENT, applied, default

from desired_state import DEFAULT_FILE
from reconciler.aws.reads import open_reads
from reconciler.blueprint.facts import Facts
from reconciler.early import SERVICES_READ
from reconciler.errors import PlanRefused
from reconciler.model.plan import Change, Conflict, Op, Plan
from reconciler.model.references import Address
from reconciler.plan.safety import Consent
from reconciler.run import open_session, require_allowed
from reconciler.session import Session
from reconciler.target import Target, connect_to, keep_connection


def test_the_clients_made_early_are_those_that_a_plan_uses(aws, monkeypatch):
    for module in ("reconciler.early", "reconciler.run"):
        monkeypatch.setattr(f"{module}.SERVICES_READ", ())
    applied(default())
    client("ecs").create_cluster(clusterName="somebody-elses")  # whose it is, the tagging API is asked
    with open_session(Target(DEFAULT_FILE, ENVIRONMENT)) as session:
        session.plan()
        used = {service for service, *_ in session.reads.aws._clients}
    assert used == set(SERVICES_READ)
    assert SERVICES_READ[:2] == ("sts", "ec2")  # asked for the facts, which all else waits for


def test_a_connection_that_is_kept_serves_all_runs_with_the_file_as_it_was(tmp_path):
    file = tmp_path / "platform.yaml"
    file.write_text(SHOP)
    kept = keep_connection(Target(file))
    file.unlink()
    assert connect_to(kept)[0] is connect_to(kept)[0]
    assert connect_to(kept)[1].stack == OURS.name


def test_a_refusal_tells_conflicts_apart_from_what_nobody_consented_to(aws):
    main = Address("vpc", "main")
    conflict = Conflict(main, "is taken", "choose another")
    new = Change("vpc.main", main, Op.CREATE, (), (), frozenset(), {}, None, replaces="vpc.main#vpc-1")
    with open_reads(aws, OURS) as reads:
        session = Session(default(), Facts("1", "aws", "us-east-1", ()), (), reads)
        with pytest.raises(PlanRefused) as refused:
            require_allowed(session, Plan((new,), {}, (conflict,)), Consent())
    assert refused.value.conflicts == (conflict,)
    assert refused.value.objections == ("vpc.main would be replaced\n  allow it: --allow-replace",)
    assert "vpc.main: is taken" in str(refused.value)
