"""The OpenAPI schema: drf-standardized-errors' view of errors, and operation ids that make good TypeScript names."""

from __future__ import annotations

from drf_standardized_errors.openapi import AutoSchema


class Schema(AutoSchema):
    pass
