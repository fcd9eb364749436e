"""The errors that Dermagrade raises on purpose.

Each carries one sentence that tells the reader what is wrong and what to do; the command line prints that
sentence alone. Anything else that escapes is a fault of ours.
"""


class DermagradeError(Exception):
    """Base of all errors that a caller can act on; ``str(error)`` is one plain sentence."""


class PhotoError(DermagradeError):
    """A photo could not be read: missing, not a picture, damaged, too large, or not permitted."""


class PhotoFormatError(PhotoError):
    """The bytes are no picture, or one of a kind that is not read here."""


class LabelsError(DermagradeError):
    """A table of labels, ratings or lesions is empty, malformed or off its scale."""


class WeightsError(DermagradeError):
    """Weights are missing, damaged, or do not fit this version."""


class OutputError(DermagradeError):
    """A result could not be written: no room, no permission, or no such folder."""


class StoreError(DermagradeError):
    """The database of the studies or its photos cannot be used: out of reach, locked, damaged, full, or too new."""


class MissingExtraError(DermagradeError):
    """A command needs an optional part of the package that is not installed."""


class UsageError(DermagradeError):
    """The call itself was wrong (exit status 2 on the command line)."""


class WeightsFolderError(UsageError, WeightsError):
    """The folder named for own weights is missing, no folder, or empty: a wrong call, and weights that are missing."""
