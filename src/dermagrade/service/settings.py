"""Settings of the service: one strict object, from environment variables that begin with ``DERMAGRADE_``."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dermagrade.errors import UsageError
from dermagrade.photo.read import DEFAULT_MAX_PIXELS

PREFIX = "DERMAGRADE_"

#: Variables with our prefix that other parts of the package read.
READ_ELSEWHERE = frozenset({"DERMAGRADE_DATA", "DERMAGRADE_THREADS"})

#: A shorter key is refused: it could be guessed.
SHORTEST_KEY = 16


class Settings(BaseSettings):
    """What the service can be told; each field is also the variable ``DERMAGRADE_<NAME>``.

    Attributes:
        host: address to listen at. Other than loopback only with keys.
        port: TCP port; 0 takes a free one.
        workers: processes that serve side by side; each loads the weights.
        weights: folder whose weights take the place of the shipped ones; the networks' loader reads the variable.
        api_keys: keys that may use ``/v1``; in the variable separated by commas or spaces. Without any, everybody who
            reaches the service may.
        api_key_file: file with further keys, one a line; empty lines and lines that begin with ``#`` do not count.
        max_upload_bytes: a larger picture is refused while it comes in.
        max_pixels: width times height above which a picture is not opened.
        photos_at_once: photos of one worker that are graded at the same time, each in a thread.
        uploads_at_once: photos of one worker that are held in memory at the same time; further ones wait.
        upload_timeout_s: seconds in which a picture must have come in.
        answer_timeout_s: seconds that a photo may wait for its turn, and again that its grading may take.
        drain_timeout_s: seconds in which running requests may end after a SIGTERM.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    workers: int = Field(1, ge=1, le=64)
    weights: Path | None = None
    api_keys: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    api_key_file: Path | None = None
    max_upload_bytes: int = Field(30_000_000, ge=1_000, le=500_000_000)
    max_pixels: int = Field(DEFAULT_MAX_PIXELS, ge=1)
    photos_at_once: int = Field(2, ge=1, le=64)
    uploads_at_once: int = Field(16, ge=1, le=1_000)
    upload_timeout_s: float = Field(60, gt=0, le=3_600)
    answer_timeout_s: float = Field(60, gt=0, le=3_600)
    drain_timeout_s: int = Field(30, ge=1, le=3_600)

    @field_validator("api_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(re.split(r"[,\s]+", value.strip(", \t\r\n"))) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if any(len(key) < SHORTEST_KEY for key in self.keys()):
            raise ValueError(f"An API key must have {SHORTEST_KEY} characters or more")
        if self.weights is not None and not any(self.weights.glob("*.onnx")):
            raise ValueError(f"The folder {self.weights} holds no weights (no .onnx file)")
        if not is_loopback(self.host) and not self.keys():
            raise ValueError(
                f"Listening at {self.host} lets other machines in and needs API keys: name a file that holds some with "
                "--api-key-file, or set DERMAGRADE_API_KEYS"
            )
        return self

    def keys(self) -> tuple[str, ...]:
        """All keys, those of the file included.

        Raises:
            ValueError: if the file cannot be read, or holds none.
        """
        keys = tuple(key.get_secret_value() for key in self.api_keys)
        if self.api_key_file is None:
            return keys
        try:
            lines = self.api_key_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise ValueError(f"The file of API keys {self.api_key_file} cannot be read ({reason})") from error
        found = tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
        if not found:
            raise ValueError(f"The file of API keys {self.api_key_file} holds none")
        return keys + found


def read_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """The settings of the environment, and of the arguments, which come first.

    Args:
        environment: only to look for variables that nothing reads; that of the process where None.
        given: settings by name.

    Raises:
        UsageError: one sentence, for a value that is wrong and for a variable with our prefix that nobody reads, which
            is most likely one that was misspelt. Neither shows a key.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | READ_ELSEWHERE
    for name in sorted(os.environ if environment is None else environment):
        if name.startswith(PREFIX) and name not in known:
            raise UsageError(f"There is no setting {name}; there are: {', '.join(sorted(known))}.")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        where = f"{PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise UsageError(f"{where}{message}.") from error


def is_loopback(host: str) -> bool:
    """True for an address that only this machine reaches; a name other than ``localhost`` is taken for none."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
