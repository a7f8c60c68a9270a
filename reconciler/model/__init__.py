"""The nouns of the engine. All of it is frozen data; nothing here performs I/O."""
