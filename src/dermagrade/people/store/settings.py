"""Where the studies are kept: one strict object, from environment variables that begin with ``DERMAGRADE_``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dermagrade.environment import PREFIX, check_names
from dermagrade.errors import UsageError
from dermagrade.photo.read import DEFAULT_MAX_PIXELS


class StoreSettings(BaseSettings):
    """What the store can be told; each field is also the variable ``DERMAGRADE_<NAME>``.

    Attributes:
        data_dir: folder of the studies: their database, unless ``database_url`` names another, and their photos.
        database_url: of a PostgreSQL database for the studies, such as ``postgresql://user:word@host/name``.
        max_pixels: width times height above which a picture is not opened.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True)

    data_dir: Path = Path("dermagrade-data")
    database_url: SecretStr | None = None
    max_pixels: int = Field(DEFAULT_MAX_PIXELS, ge=1)


Kind = TypeVar("Kind", bound=StoreSettings)


def read_settings_of(kind: type[Kind], environment: Iterable[str] | None = None, **given: Any) -> Kind:
    """The settings of the environment, and of the arguments, which come first.

    Args:
        kind: which settings.
        environment: names, only to look for variables that nothing reads; those of the process where None.
        given: settings by name.

    Raises:
        UsageError: one sentence, for a value that is wrong and for a variable with our prefix that nobody reads.
            Neither shows a key or a password.
    """
    check_names(environment)
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        message = first["msg"].removeprefix("Value error, ")
        where = f"{PREFIX}{str(first['loc'][0]).upper()}: " if first["loc"] else ""
        raise UsageError(f"{where}{message}.") from error


def read_store_settings(environment: Iterable[str] | None = None, **given: Any) -> StoreSettings:
    """Where the studies are, as :func:`read_settings_of` says."""
    return read_settings_of(StoreSettings, environment, **given)
