"""Any load balancers, listeners and routes: what is wrong is told, or else no Ref leads nowhere."""

from typing import Any

from crash.doors import files
from crash.strategies import load_platform
from hypothesis import HealthCheck, given, settings

from desired_state import LoadError, Platform
from desired_state.warnings import find_warnings
from reconciler.blueprint import blueprint
from reconciler.blueprint.facts import Facts
from reconciler.model.references import walk
from reconciler.model.spec import parts

FACTS = Facts("123456789012", "aws", "us-east-1", ("us-east-1a", "us-east-1b"))


def attempt(file: dict[str, Any]) -> Platform | None:
    """Return the platform of a file; None if it is told what is wrong with it."""
    try:
        return load_platform(file)
    except LoadError:
        return None


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_a_file_is_told_its_mistakes_or_nothing_in_its_blueprint_leads_nowhere(file: dict[str, Any]):
    platform = attempt(file)
    if platform is None:
        return
    specs = blueprint(platform, FACTS)
    made = parts(specs)
    assert len({spec.address for spec in specs}) == len(specs)
    for spec in made.values():
        fields = {name: getattr(spec, name) for name in type(spec).model_fields}
        leading = [ref for ref in walk(fields) if not ref.by_id and ref.address not in made]
        assert not leading, f"{spec.address}: {leading}"
    assert {key for key in platform.balancers if key} <= {
        platform.door_of(route).balancer for service in platform.services.values() for route in service.routes
    }
    assert all(warning.message for warning in find_warnings(platform))
