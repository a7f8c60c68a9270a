"""The crash test: the engine on an AWS that fails at every point (`make crash-test`)."""
