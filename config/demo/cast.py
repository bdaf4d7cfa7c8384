"""The demo patients. Surnames are words for things that stand in for others, so that nobody takes them for people."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

IFI = "ifi-conservative-12wk"
PIRIFORMIS = "piriformis-syndrome-12wk"
HAMSTRING = "proximal-hamstring-tendinopathy-24wk"
SURGERY = "post-lt-resection-24wk"

CONDITIONS = {
    IFI: ("ifi_suspected", "ifi_confirmed"),
    PIRIFORMIS: ("piriformis",),
    HAMSTRING: ("proximal_hamstring",),
    SURGERY: ("lt_resection",),
}
FIRST_NAMES = (
    *("Alma", "Bruno", "Carla", "David", "Elsa", "Felix", "Gloria", "Hugo", "Irene", "Jonas", "Karin", "Luis", "Marta"),
    *("Nils", "Olga", "Pablo", "Quinn", "Rita", "Samuel", "Teresa", "Uma", "Victor", "Wanda", "Xavier", "Yara", "Zoe"),
)
SURNAMES = (
    *("Sample", "Stencil", "Mockup", "Placeholder", "Specimen", "Fixture", "Testcase", "Dummy", "Template", "Draft"),
    *("Prototype", "Pattern", "Sketch"),
)


@dataclass(frozen=True)
class Persona:
    """A demo patient and how the weeks at home went. Days are counted back from today: 1 is yesterday.

    `adherence`: how likely a due session is done, at the start and at the end. `pain`: likewise, NPRS 0–10.
    `away`: days back (first, last) without a word. `paused`: days back that the therapist paused. `sore`: the
    pain that an exercise gives, by slug, and since how many days back. `last_answers`: of yesterday's check-in.
    `activities`: what is hard, 0–10 at the start and at the end. `better`: how it is after four weeks, −5 to 5.
    """

    name: str
    born: dt.date
    template: str
    side: str
    days: int
    condition: str = "ifi_suspected"
    language: str = "en"
    zone: str = "Europe/Madrid"
    hour: dt.time = dt.time(8)
    findings: Mapping[str, Any] = field(default_factory=dict)
    adherence: tuple[float, float] = (0.9, 0.9)
    pain: tuple[float, float] = (5.0, 2.0)
    away: tuple[int, int] | None = None
    paused: tuple[int, int] | None = None
    sore: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    radiates: int = 0
    last_answers: Mapping[str, Any] = field(default_factory=dict)
    goal: str = ""
    activities: tuple[tuple[str, int, int], ...] = ()
    better: int = 3
    message: str = ""
    reply: str = ""  # of the therapist; without one the message waits
    has_email: bool = True

    @property
    def email(self) -> str | None:
        first, last = self.name.lower().split(" ", 1)
        local = first if self.name == ROSA.name else f"{first}.{last}"
        return f"{local}@patient.example" if self.has_email else None


ROSA = Persona(
    name="Rosa Sample",
    born=dt.date(1964, 5, 17),
    template=IFI,
    side="left",
    days=35,
    condition="ifi_confirmed",
    findings={"painful_gait": True, "sitting_tolerance_min": 20},
    adherence=(0.95, 0.92),
    pain=(6.0, 2.6),
    away=(15, 18),
    sore={"sup-bridge": (6, 2)},
    goal="Sit through a whole film",
    activities=(("Sit through a film", 2, 7), ("Walk with long steps", 4, 8), ("Put on my shoes", 5, 8)),
    message="Can I do the exercises in the evening when my sister visits?",
    reply="Yes, any hour that suits you is fine. Enjoy the visit.",
)
# Invited, not joined yet: the open invitation.
NEWCOMER = Persona("Nora Placeholder", dt.date(1990, 3, 14), IFI, "right", days=0, hour=dt.time(7, 30))

NAMED = (
    Persona(
        "Mira Specimen",
        dt.date(1997, 2, 3),
        IFI,
        "left",
        days=52,
        condition="ifi_confirmed",
        hour=dt.time(7, 15),
        adherence=(0.97, 0.97),
        pain=(5.5, 1.5),
        goal="Run to the bus without thinking about it",
        activities=(("Run to the bus", 3, 8), ("Drive for an hour", 4, 9), ("Climb the stairs", 5, 9)),
    ),
    Persona(
        "Tom Placeholder",
        dt.date(1955, 8, 21),
        IFI,
        "right",
        days=16,
        hour=dt.time(10, 30),
        adherence=(0.75, 0.85),
        pain=(4.5, 3.0),
        message="Is it fine to sit on a cushion?",
    ),
    Persona(
        "Otto Mockman",
        dt.date(1968, 6, 9),
        PIRIFORMIS,
        "left",
        days=30,
        condition="piriformis",
        language="es",
        hour=dt.time(19),
        adherence=(0.85, 0.85),
        pain=(4.0, 5.2),
        radiates=3,
        last_answers={"q_radiate": 5, "q_leg_30min": "yes", "q_tingle": 2, "q_morning_vs": "more"},
    ),
    Persona(
        "Ines Example",
        dt.date(1981, 11, 2),
        HAMSTRING,
        "left",
        days=54,
        condition="proximal_hamstring",
        adherence=(0.9, 0.8),
        pain=(4.0, 2.5),
        away=(1, 8),
    ),
    Persona(
        "Lena Testcase",
        dt.date(1992, 4, 30),
        IFI,
        "right",
        days=12,
        adherence=(1.0, 1.0),
        pain=(4.5, 6.5),
        last_answers={"q_redflag": ["RF1.urine"], "q_morning_vs": "more"},
    ),
    Persona(
        "Paul Dummy",
        dt.date(1976, 1, 19),
        HAMSTRING,
        "right",
        days=75,
        condition="proximal_hamstring",
        hour=dt.time(18, 30),
        adherence=(0.8, 0.85),
        pain=(4.0, 1.6),
        paused=(20, 24),
    ),
    Persona("Ada Stencil", dt.date(1988, 7, 7), IFI, "right", days=9, adherence=(0.9, 0.9), pain=(6.2, 4.2)),
    Persona(
        "Ken Fixture",
        dt.date(1960, 10, 12),
        SURGERY,
        "left",
        days=26,
        condition="lt_resection",
        hour=dt.time(6, 30),
        adherence=(1.0, 0.97),
        pain=(3.0, 1.0),
        has_email=False,
    ),
)


def personas(count: int, weeks: int, seed: int) -> list[Persona]:
    """The first `count` of the cast, ROSA and NEWCOMER among them; histories no longer than `weeks`, but for ROSA's
    five. The same for the same arguments, and a longer cast begins with the shorter one."""
    people = [ROSA, NEWCOMER, *NAMED][:count]
    taken = {person.name for person in people}
    rng = random.Random(f"cast/{seed}")  # noqa: S311 (nothing secret about it)
    names = [f"{first} {last}" for last in SURNAMES for first in FIRST_NAMES]
    rng.shuffle(names)
    fresh = (name for name in names if name not in taken)
    while len(people) < count:
        # A thousand patients are more than there are names: numbered from then on.
        people.append(_someone(next(fresh, f"Sample {len(people)}"), rng))
    return [person if person is ROSA else _shortened(person, weeks * 7) for person in people]


def _shortened(person: Persona, most_days: int) -> Persona:
    return person if person.days <= most_days else replace(person, days=most_days)


def _someone(name: str, rng: random.Random) -> Persona:
    template = rng.choices((IFI, PIRIFORMIS, HAMSTRING), weights=(5, 3, 2))[0]
    start = rng.uniform(3.5, 6.5)
    kind = rng.choices(("steady", "fading", "struggling", "away", "paused"), weights=(9, 3, 2, 2, 1))[0]
    adherence = {"fading": (0.9, 0.35), "struggling": (0.55, 0.6)}.get(kind, (0.85, 0.9))
    away_from = rng.randint(1, 6) if kind == "away" else 0
    return Persona(
        name=name,
        born=dt.date(rng.randint(1945, 2002), rng.randint(1, 12), rng.randint(1, 28)),
        template=template,
        side=rng.choices(("left", "right", "both"), weights=(5, 5, 1))[0],
        days=rng.randint(2, 56),
        condition=rng.choice(CONDITIONS[template]),
        language=rng.choices(("en", "es"), weights=(2, 1))[0],
        zone=rng.choices(("Europe/Madrid", "Atlantic/Canary", "Europe/Lisbon"), weights=(8, 1, 1))[0],
        hour=dt.time(rng.choice((6, 7, 7, 8, 8, 9, 17, 18, 19, 20)), rng.choice((0, 15, 30))),
        adherence=adherence,
        pain=(start, max(0.5, start + rng.uniform(-3.5, 0.7))),
        away=(away_from, away_from + rng.randint(4, 12)) if kind == "away" else None,
        paused=(6, 10) if kind == "paused" else None,
        has_email=rng.random() < 0.8,
    )
