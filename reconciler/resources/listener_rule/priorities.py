"""Which rules change their priorities together: AWS lets no two of a listener have one, not even for a moment."""

from collections.abc import Mapping

Position = tuple[str, int]  # a listener's ARN and a priority, which only one rule can have


def find_priority_moves(
    arn: str, rule_at: Mapping[Position, str], desired_positions: Mapping[str, Position]
) -> dict[str, int]:
    """Return the desired priority of a rule, and those of the rules that must make room for it in the same call.

    `rule_at`: the ARN of the rule at each position; `desired_positions`: by ARN, of those that are ours and desired.
    Empty if the rule is where it should be.
    """
    moves, rule = dict[str, int](), arn
    while rule in desired_positions and rule not in moves and rule_at.get(desired_positions[rule]) != rule:
        moves[rule] = desired_positions[rule][1]
        rule = rule_at.get(desired_positions[rule], "")
    return moves
