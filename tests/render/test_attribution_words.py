"""Who changed something, in the words of a report."""

import pytest

from reconciler.model.drift import Attribution, Known
from reconciler.render.drift_words import describe_attribution


@pytest.mark.parametrize("known", [known for known in Known if known is not Known.FOUND])
def test_what_is_not_known_is_said_with_the_action_that_is_missing_if_one_is(known: Known):
    said = describe_attribution(Attribution(known))
    assert said.startswith(f"by whom: {known}")
    assert ("(cloudtrail:LookupEvents)" in said) == (known is Known.NOT_ALLOWED)
