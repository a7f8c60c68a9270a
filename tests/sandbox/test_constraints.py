import botocore.session
import pytest

from reconciler.sandbox.constraints.services import STYLES
from reconciler.sandbox.constraints.violations import compile_pattern

UNREADABLE = {"ResourceType", "DefinitionPath"}  # of calls that no platform makes


@pytest.mark.parametrize("service", STYLES)
def test_the_patterns_of_the_models_are_read(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)
    patterns = {name: model.shape_for(name).metadata.get("pattern") for name in model.shape_names}
    unread = {name for name, pattern in patterns.items() if pattern and compile_pattern(pattern) is None}
    assert unread <= UNREADABLE
