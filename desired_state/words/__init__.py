"""Words that people know from elsewhere, and what our file has for them.

Each table maps a part of the file (the name of its model) and a key there to an answer: "write …" with our own
keys in backticks, "not supported yet …", "not supported: …" with the reason, or "leave it out …".
"""

from collections.abc import Mapping

from desired_state.words import compose, copilot, ecs, planned

Table = Mapping[str, Mapping[str, str]]  # part of the file -> key -> answer
TABLES: tuple[Table, ...] = (planned.WORDS, compose.WORDS, copilot.WORDS, ecs.WORDS)


def find_word(part: str, key: str) -> str | None:
    """Return the answer to a key that a part of the file does not have; None if it is from nowhere known.

    At the top of the file, where Copilot and ECS have the keys of a service, the words of services count too.
    """
    answer = next((table[part][key] for table in TABLES if key in table.get(part, {})), None)
    if answer is None and part == "Platform" and (answer := find_word("Service", key)):
        return f"it would be one of a service, `services.NAME`, and there: {answer}"
    return answer
