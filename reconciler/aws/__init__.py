"""All that talks to AWS."""
