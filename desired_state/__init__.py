"""What people want: the models of the platform file, and how it is loaded. Free of AWS."""

from desired_state.load import DEFAULT_FILE, load
from desired_state.mistakes import LoadError, Mistake
from desired_state.platform import Platform

__all__ = ["DEFAULT_FILE", "LoadError", "Mistake", "Platform", "load"]
