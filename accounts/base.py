"""The base of every table: a UUIDv7 key, a creation time, and the one door to rows that a request can reach."""

from __future__ import annotations

import uuid
from typing import Any

import uuid6
from django.db import models


def new_id() -> uuid.UUID:
    """A UUIDv7: unique without asking anyone, and roughly in the order of creation, which keeps indexes compact."""
    return uuid.UUID(int=uuid6.uuid7().int)


class Row(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    class Meta:
        abstract = True


class Versioned(Row):
    """A document that two people may edit: `version` rises with each save and is what `If-Match` names."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version += 1
            if (fields := kwargs.get("update_fields")) is not None:
                kwargs["update_fields"] = {*fields, "version"}
        super().save(**kwargs)
