"""Cloud Map of the embedded AWS."""
