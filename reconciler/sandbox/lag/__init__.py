"""Eventual consistency of the embedded AWS, by the service that lags."""
