"""What authors, instructors and the command line use; no notebook imports it."""

__all__: list[str] = []
