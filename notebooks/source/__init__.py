"""The lessons: one folder each, with all that an author writes for it, found by its name."""
