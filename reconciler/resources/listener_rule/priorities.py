"""Find the rules whose priorities must change in one call: at no time may two rules have the same one."""

from collections.abc import Collection, Mapping
from itertools import count

HIGHEST = 50_000  # the last priority of a listener's rules (ELBv2 API reference, CreateRule)

Position = tuple[str, int]  # a listener's ARN and a priority, which only one rule can have


def find_free_priority(taken: Collection[int], wanted: int) -> int:
    """Return the lowest free priority above the wanted one; the lowest of all if there is none above it."""
    above = (priority for priority in range(wanted + 1, HIGHEST + 1) if priority not in taken)
    return next(above, None) or next(priority for priority in count(1) if priority not in taken)


def find_priority_moves(
    arn: str, rule_at: Mapping[Position, str], desired_positions: Mapping[str, Position]
) -> dict[str, int]:
    """Return the desired priorities, by ARN, of a rule and of the rules that must make room for it.

    `rule_at` has the ARN of the rule at each position, and `desired_positions` the positions of our desired
    rules by ARN. The result is empty if the rule is at its desired position.
    """
    moves, rule = dict[str, int](), arn
    while rule in desired_positions and rule not in moves and rule_at.get(desired_positions[rule]) != rule:
        moves[rule] = desired_positions[rule][1]
        rule = rule_at.get(desired_positions[rule], "")
    return moves
