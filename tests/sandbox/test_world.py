from copy import deepcopy
from typing import Any

from moto.ecs import ecs_backends
from stage import Stage

from reconciler.sandbox import CALM, PROFILES, Clock, Profile, current, install
from reconciler.sandbox.world import wrap


class Speaker:
    def say(self) -> str:
        return "a"


def louder(original: Any, speaker: Speaker) -> str:
    return original(speaker) + "!"


def slower(original: Any, speaker: Speaker) -> str:
    return original(speaker) + "…"


def test_a_method_is_wrapped_by_the_same_function_once_and_by_others_besides() -> None:
    for around in (louder, slower, louder, slower):
        wrap(Speaker, "say", around)
    assert Speaker().say() == "a!…"


def test_installing_again_begins_a_new_world_and_keeps_what_is_in_aws(client: Any, clock: Clock) -> None:
    stage = Stage(client)
    stage.service()
    install(Profile("other"), clock=clock, seed=7)
    assert (current().profile.name, current().seed) == ("other", 7)
    assert stage.described()["runningCount"] == 2


def test_a_calm_world_takes_no_time_and_the_harsh_one_as_long_as_the_real_one() -> None:
    durations = ("load_balancer", "namespace_operation", "task_start", "target_healthy", "drain", "lag")
    assert {getattr(CALM, name) for name in durations} == {0}
    real, harsh = PROFILES["real"], PROFILES["harsh"]
    assert [getattr(harsh, name) for name in durations[:5]] == [getattr(real, name) for name in durations[:5]]
    assert (real.lost, harsh.lost > 0) == (0, True)


def test_the_state_of_services_can_be_copied_and_goes_with_motos_reset(client: Any) -> None:
    stage = Stage(client)
    stage.service()
    stage.described()
    backend = ecs_backends["123456789012"]["us-east-1"]
    copied = deepcopy(backend.services)
    stage.update(desiredCount=0)
    stage.described()
    assert len(copied["c:s"].deployments[0].tasks) == 2
    backend.reset()
    assert backend.services == {}
