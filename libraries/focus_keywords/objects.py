"""The objects that keywords return, for their page and for editors. A dataclass that is not here is not documented."""

from __future__ import annotations

from focus_core.base.words import Hole, Recording
from focus_core.mongodb.catalogue import StoredBasePath, StoredCollection, StoredDocument, StoredRecording
from focus_core.mongodb.client import Index, Status
from focus_core.mongodb.plans import Plan

OBJECTS: tuple[type, ...] = (
    StoredRecording,
    Recording,
    Hole,
    StoredBasePath,
    StoredCollection,
    StoredDocument,
    Index,
    Plan,
    Status,
)
