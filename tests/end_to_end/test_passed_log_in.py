"""A log-in that no request would meet stops the plan, also if a priority that AWS has kept is the reason."""

from pathlib import Path

from crash.cloud import cloud, run
from crash.prerequisites import CERTIFICATE

from desired_state import Platform, load
from reconciler.sandbox import CALM

FILE = f"""
platform: shop
environment: crash
suffix: crash
region: us-east-1
images: {{check: false}}
load_balancer: {{listeners: {{https: {{port: 443, certificate: "{CERTIFICATE}"}}}}}}
services: {{web: {{image: {{uri: nginx}}, routes: [ROUTES]}}}}
"""
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
ADMIN = f"{{paths: [/admin/*], auth: {{cognito: {{user_pool: '{POOL}', client_id: x, domain: shop}}}}}}"


def platform(folder: Path, routes: str) -> Platform:
    (folder / "platform.yaml").write_text(FILE.replace("ROUTES", routes))
    return load(folder / "platform.yaml", environ={})


def test_a_log_in_behind_a_route_that_keeps_the_first_priority_stops_the_plan(tmp_path):
    with cloud(CALM) as clock:
        assert run(platform(tmp_path, "{priority: 1, paths: [/*]}"), clock).clean
        todo = run(platform(tmp_path, f"{{paths: [/*]}}, {ADMIN}"), clock).todo
        (conflict,) = todo.conflicts
        assert str(conflict.address) == "listener_rule.alb-crash-https-web-2"
        assert "takes them all, and asks for no log-in" in conflict.why
        assert conflict.remedy == "give services.web.routes[0] a higher one than 4000"
        assert not run(platform(tmp_path, f"{{priority: 9000, paths: [/*]}}, {ADMIN}"), clock).todo.conflicts
