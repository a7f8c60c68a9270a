"""The layer that talks to AWS."""
