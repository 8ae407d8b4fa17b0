"""The one exception of the data floor."""

__all__ = ["DataError", "printable"]


class DataError(Exception):
    """Data cannot be had as asked. The message is one line: it names the file and the next thing to do."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def printable(text: str) -> str:
    """Text on one line without control characters.

    Names come from the files of strangers: a line feed or an escape code in one must not reach a terminal.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
