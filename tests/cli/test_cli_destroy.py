"""`destroy`, in this process, on an embedded AWS in this process."""

import json

import pytest
from shop_file import FILE, changed
from support import client, make_lease_table

from reconciler.cli import main


def test_a_deletion_needs_yes_where_nobody_can_be_asked(applied, capsys):
    assert main(["destroy", str(applied)]) == 1
    assert "allow it: --yes" in capsys.readouterr().err
    assert main(["plan", str(applied)]) == 0


def test_what_is_protected_stays(applied, capsys):
    file = changed(applied, "services:\n  web:\n", "services:\n  web:\n    protect: true\n")
    assert main(["apply", file, "--yes"]) == 0
    assert main(["plan", "--destroy", file]) == 2
    err = capsys.readouterr().err
    assert "destroy will refuse: service web: is protected: " in err
    assert "ecs_service.svc-web-shop-dev" in err
    assert main(["plan", "--destroy", file, "--markdown"]) == 2
    assert "  ✗ service web: is protected: " in capsys.readouterr().out
    assert main(["plan", "--destroy", file, "--json"]) == 2
    (refusal,) = json.loads(capsys.readouterr().out)["refusals"]
    assert refusal["why"].startswith("service web: is protected: ")
    assert "`protect: false`" in refusal["remedy"]
    assert main(["destroy", file, "--yes"]) == 1
    line = FILE.splitlines().index("  web:") + 2
    assert f"set `protect: false` for it in the file ({file}:{line}) and apply first" in capsys.readouterr().err
    assert main(["plan", file]) == 0


def test_zones_that_cannot_be_had_keep_nobody_from_deleting(applied, capsys):
    file = changed(
        applied, "region: us-east-1\n", "region: us-east-1\nnetwork: {zones: [us-east-1y, us-east-1z]}\n"
    )
    assert main(["plan", file]) == 1
    assert "us-east-1y is not a zone of us-east-1" in capsys.readouterr().err
    assert main(["outputs", file]) == 0
    assert main(["plan", "--destroy", file]) == 2
    assert main(["destroy", file, "--yes"]) == 0
    assert main(["plan", "--destroy", file]) == 0


@pytest.mark.parametrize(("cluster", "told"), [("{}", True), ("{existing: shared}", False)])
def test_it_says_what_stays_of_the_stacks_own_cluster_and_nothing_of_one_that_exists(
    file, capsys, cluster, told
):
    client("ecs").create_cluster(clusterName="shared", capacityProviders=["FARGATE"])
    before = look_at_theirs()
    make_lease_table()
    named = changed(file, "services:\n", f"cluster: {cluster}\nservices:\n")
    assert main(["apply", named, "--yes"]) == 0
    assert main(["destroy", named, "--yes"]) == 0
    said = capsys.readouterr().err
    assert "Not deleted: revisions of task definitions" in said
    assert ("Container Insights" in said) == told
    assert look_at_theirs() == before


def look_at_theirs() -> object:
    everything = ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]
    return client("ecs").describe_clusters(clusters=["shared"], include=everything)["clusters"]
