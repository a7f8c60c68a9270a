"""`outputs`, in this process, on an embedded AWS in this process."""

import json
from collections.abc import Callable, Collection

import pytest

from reconciler.cli import main
from reconciler.cli.outputs import MOST_TOLD, format_chosen_outputs


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


def outputs_of(number: int) -> Callable[[Collection[str] | None], dict[str, str]]:
    """Return what finds the outputs of a platform with so many services."""
    names = [f"s{n}" for n in range(number)]
    return lambda services: (
        {"URL": "http://u/"}
        | {f"ServiceName.{name}": name for name in names if services is None or name in services}
    )


@pytest.mark.parametrize(
    ("services", "changed", "lines"),
    [
        (MOST_TOLD - 1, ["s1"], MOST_TOLD),
        (MOST_TOLD, ["s1"], 3),
        (MOST_TOLD + 1, [f"s{n}" for n in range(MOST_TOLD)], 2),
        (0, [], 1),
    ],
    ids=["few", "one changed of many", "many changed", "none"],
)
def test_after_an_apply_of_many_services_those_that_changed_are_told_if_they_are_few(services, changed, lines):
    text = format_chosen_outputs(outputs_of(services), changed).splitlines()
    assert len(text) == lines
    assert text[0].split() == ["URL", "http://u/"]
    left_out = services - sum("ServiceName" in line for line in text)
    assert (text[-1] == f"and {left_out} more: python -m reconciler outputs") is bool(left_out)
