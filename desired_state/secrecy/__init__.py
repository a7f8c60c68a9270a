"""What is a secret, and how to show a text without it: judged in this one place, by name and value alone."""

from desired_state.secrecy.judge import find_secrets, hide
from desired_state.secrecy.messages import conceal, hide_known
from desired_state.secrecy.names import is_secret_name
from desired_state.secrecy.pairs import find_pair, name_of_pair, names_of_items
from desired_state.secrecy.texts import HIDDEN, hide_in_text

__all__ = [
    "HIDDEN",
    "conceal",
    "find_pair",
    "find_secrets",
    "hide",
    "hide_in_text",
    "hide_known",
    "is_secret_name",
    "name_of_pair",
    "names_of_items",
]
