from typing import NamedTuple

from desired_state.tree import Where


class Complaint(NamedTuple):
    """A rule between values that is broken; moot while what it rests on is wrong.

    It rests on its own value too, unless it is about a name, whatever stands under it.
    """

    where: Where
    message: str
    rests_on: tuple[Where, ...] = ()
    about_name: bool = False
