"""The engine against an AWS that fails at every point: `make crash-test`."""
