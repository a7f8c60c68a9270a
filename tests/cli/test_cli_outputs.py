"""`outputs`, in this process, on an embedded AWS in this process."""

import json

from reconciler.cli import main


def test_outputs_are_one_flat_object(applied, capsys):
    assert main(["outputs", str(applied), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert next(iter(found)) == "URL"
    assert found["URL"] == f"http://{found['LoadBalancerDNS']}/"
    assert found["ClusterName"] == "ecs-cluster-shop-dev"
    assert found["NamespaceName"] == "services-shop-dev.local"
    assert found["DiscoveryName.web"] == "web.services-shop-dev.local:8080"
    assert found["ServiceName.web"] == "svc-web-shop-dev"
    assert found["LogGroup.web"] == "/aws/ecs/web-shop-dev"
    assert found["Dashboard"].endswith("#dashboards/dashboard/ecs-services-shop-dev")
    assert {type(value) for value in found.values()} == {str}


def test_outputs_of_nothing_are_an_error(file, capsys):
    assert main(["outputs", str(file)]) == 1
    assert "nothing of shop/dev/us-east-1 is deployed yet" in capsys.readouterr().err


def test_without_json_each_output_has_a_line_and_values_begin_in_one_column(applied, capsys):
    assert main(["outputs", str(applied), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["outputs", str(applied)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert dict(line.split(maxsplit=1) for line in lines) == found
    (column,) = {line.index(line.split(maxsplit=1)[1]) for line in lines}
    assert column == max(map(len, found)) + 2
