"""The models of the platform file and the loading of it; nothing here talks to AWS."""

from desired_state.load import DEFAULT_FILE, load
from desired_state.mistakes import LoadError, Mistake
from desired_state.platform import Platform

__all__ = ["DEFAULT_FILE", "LoadError", "Mistake", "Platform", "load"]
