"""What a person agrees to when joining. A new wording gets a new version; the version agreed to is kept."""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "2026-11-24"

_TEXTS = {
    "en": (
        "What we keep: which exercises you do, on which days and at what times; how it feels (pain, numbness, notes); "
        "what you write to your therapist.\n"
        "Who sees it: your team at {clinic}. Nobody else. No ads, no sale, no tracking.\n"
        "You can take a copy of it, or ask for it to be deleted, at any time under Me. "
        "What the clinic must keep by law stays with the clinic."
    ),
    "es": (
        "Qué guardamos: qué ejercicios haces, qué días y a qué horas; cómo lo sientes (dolor, adormecimiento, notas); "
        "lo que escribes a tu fisioterapeuta.\n"
        "Quién lo ve: tu equipo de {clinic}. Nadie más. Sin anuncios, sin venta, sin seguimiento.\n"
        "Puedes llevarte una copia o pedir que se borre en cualquier momento en Yo. "
        "Lo que la clínica debe guardar por ley se queda en la clínica."
    ),
}


@dataclass(frozen=True)
class Consent:
    version: str
    text: str


def consent_for(*, clinic: str, language: str) -> Consent:
    return Consent(VERSION, _TEXTS.get(language[:2], _TEXTS["en"]).format(clinic=clinic))
