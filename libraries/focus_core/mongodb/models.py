"""The documents of the site's database as pydantic models; `schema` has the same as `$jsonSchema`.

Strict: a number is no text, a text no time, 1 no truth. Members beyond these are allowed.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from focus_core.mongodb.subjects import PATH_PATTERN, UUID_PATTERN, Subject

Text = Annotated[str, Field(min_length=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]


class Document(BaseModel):
    """What all documents have in common."""

    model_config = ConfigDict(strict=True)


class Recording(Document):
    """A recording; its metadata are a subject of their own."""

    uuid: Annotated[str, Field(pattern=UUID_PATTERN)]
    start_time: datetime
    end_time: datetime | None = None
    deleted: bool
    fiber_metadata: dict[str, Any]


class Parent(Document):
    """The fibre that was recorded: pulses in Hz, spacing of its channels in metres."""

    layer_type: Text
    uuid: Text
    prr: Positive
    dx: Positive


class FiberMetadata(Document):
    """How it was recorded."""

    layer_type: Text
    uuid: Text
    cmd: Text
    version: Text
    num_traces: Count
    parent: Parent


class Described(Document):
    """A recording as far as its metadata go."""

    fiber_metadata: FiberMetadata


class BasePath(Document):
    """A place of recordings and the collection that holds them."""

    base_path: Annotated[str, Field(pattern=PATH_PATTERN)]
    guid: Text
    is_archive: bool = False


class UnrecognizedFolder(Document):
    """A folder that the indexer did not take for a recording."""

    folder_name: Text
    file_count: Count
    update_time: datetime


MODELS: dict[Subject, type[Document]] = {
    "recordings": Recording,
    "metadata": Described,
    "base paths": BasePath,
    "unrecognized folders": UnrecognizedFolder,
}
