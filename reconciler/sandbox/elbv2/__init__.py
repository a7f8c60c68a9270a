"""Elastic Load Balancing of the embedded AWS."""
