"""What one may change about oneself."""

from __future__ import annotations

from typing import Any

from accounts.models import User


def change_preferences(user: User, changes: dict[str, Any]) -> list[str]:
    """Set language, time zone, text size or name; answers the names of the fields that really changed."""
    changed = [field for field, value in changes.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, changes[field])
    if changed:
        user.save(update_fields=changed)
    return changed
