"""The data that the engine works on, all of it frozen but an outcome. Nothing here performs I/O."""
