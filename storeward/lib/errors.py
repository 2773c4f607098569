"""The error that a person is meant to read.

    NotDone      what was asked is not done; the message says what happened, to what, and what mends it

The command line prints the message as one line and ends with 2. Everything else that escapes is a mistake of ours.
"""

import errno


class NotDone(Exception):
    """It was not done."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def from_os(error: OSError, doing: str) -> NotDone:
    """A sentence for what the operating system refused while `doing` something ("write the backup /tmp/x")."""
    where = f" ({error.filename})" if error.filename and str(error.filename) not in doing else ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NotDone(f"Cannot {doing}{where}: the disk is full. Free some space, then try again.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return NotDone(f"Cannot {doing}{where}: no permission to write there. Choose another folder or mend its owner.")
    return NotDone(f"Cannot {doing}{where}: {(error.strerror or str(error)).lower()}.")
