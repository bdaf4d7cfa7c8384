"""A tick with nothing due reads the same with a thousand rules and with many more: the partial index alone."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from benchmarks import crowd
from benchmarks.dispatch_run import buffers_of_a_tick

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

# `make bench-dispatch` does it with a million.
MANY = int(os.environ.get("IDLE_RULES", "50000"))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="buffers are PostgreSQL's")
def test_an_idle_tick_costs_the_same_whatever_the_number_of_rules() -> None:
    later = "now() + interval '1 hour' + n * interval '1 microsecond'"
    rule = crowd.make(1, due_at="now() + interval '1 hour'").template
    crowd.multiply(rule, 1000, id="gen_random_uuid()", next_due_at=later)
    few = buffers_of_a_tick()
    crowd.multiply(rule, MANY, id="gen_random_uuid()", next_due_at=later)
    many = buffers_of_a_tick()
    # Of the index one page a level: a larger tree may have one more.
    assert 0 < many <= few + 1 <= 20
