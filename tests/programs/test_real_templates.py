"""The shared templates through the API: copied, sent back as they came, and weighed."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from rest_framework.test import APIClient

from exercises.models import Exercise
from tests.conftest import Cast


def test_every_shared_template_is_copied_sent_back_and_weighed(cast: Cast, api: Callable[..., APIClient]) -> None:
    call_command("load_library", verbosity=0)
    call_command("load_templates", verbosity=0)
    client = api(cast.therapist)
    assert len(client.get("/api/v1/exercises?page_size=200").json()["results"]) == Exercise.objects.count() == 72
    templates = client.get("/api/v1/programs?template=true").json()["results"]
    assert {one["slug"] for one in templates} == {
        "ifi-conservative-12wk",
        "piriformis-syndrome-12wk",
        "proximal-hamstring-tendinopathy-24wk",
        "post-lt-resection-24wk",
    }
    for template in templates:
        copy = client.post(f"/api/v1/programs/{template['id']}/copy").json()
        assert len(copy["phases"]) == 4
        url = f"/api/v1/programs/{copy['id']}"
        answer = client.put(url, copy, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json()) == (200, copy | {"version": 2})
        weighed = client.get(f"{url}/burden").json()["phases"]
        assert weighed == [
            one | {"id": copy["phases"][place]["id"]}
            for place, one in enumerate(client.get(f"/api/v1/programs/{template['id']}/burden").json()["phases"])
        ]
