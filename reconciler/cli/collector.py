"""The garbage collector, which `reconciler.__main__` turns off while the program starts."""

import gc

NEW_OBJECTS = 20_000  # between collections: after Python's own 700, each answer of AWS would cause some


def start_collecting() -> None:
    """Turn the collector on if it is off, for all objects but those that the start has made: they stay."""
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS)
        gc.enable()
