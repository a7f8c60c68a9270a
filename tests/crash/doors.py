"""Hypothesis strategies for files with several load balancers, their listeners, and routes, right or wrong."""

from typing import Any

from hypothesis import strategies as st

KEYS = ("public", "inner", "far")
SCHEMES = st.sampled_from(({}, {"scheme": "internal"}, {"scheme": "internet-facing"}))
LISTENERS = st.dictionaries(
    st.sampled_from(("http", "extra", "moved")),
    st.one_of(
        st.fixed_dictionaries({"port": st.sampled_from((80, 81, 8080))}),
        st.fixed_dictionaries(
            {"port": st.sampled_from((82, 83)), "redirect": st.just({"port": 80, "protocol": "HTTP"})}
        ),
    ),
    min_size=1,
    max_size=2,
)
PORTS = st.sampled_from(({"port": 8080}, {"port": "none"}, {"ports": {"http": 8080, "admin": 9000}}))


@st.composite
def balancers(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the settings of one load balancer."""
    listeners = {"listeners": draw(LISTENERS)} if draw(st.booleans()) else {}
    return {**draw(SCHEMES), **listeners}


@st.composite
def routes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a route that perhaps leads nowhere."""
    named = {
        "load_balancer": st.sampled_from((*KEYS, "none at all")),
        "listener": st.sampled_from(("http", "extra")),
        "port": st.sampled_from(("http", "admin")),
    }
    given = {key: draw(values) for key, values in named.items() if draw(st.integers(0, 3)) == 0}
    if draw(st.booleans()):
        given["load_balancer"] = draw(st.sampled_from(KEYS[:2]))
    return {"priority": draw(st.integers(1, 60)), "paths": [draw(st.sampled_from(("/a", "/b/*")))], **given}


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a file of a small platform."""
    singular = draw(st.sampled_from(("left out", None, "drawn")))
    own = {} if singular == "left out" else {"load_balancer": singular and draw(balancers())}
    several = {key: draw(balancers()) for key in KEYS if draw(st.booleans())}
    names = ("web", "web-inner", "api")
    return {
        "platform": "shop",
        "environment": "any",
        "suffix": "any",
        "region": "us-east-1",
        "service_defaults": {"cpu": 256, "memory": 512, "desired_count": 1},
        **own,
        "load_balancers": several,
        "services": {
            name: {**draw(PORTS), "routes": draw(st.lists(routes(), max_size=3))}
            for name in names
            if draw(st.booleans())
        },
    }
