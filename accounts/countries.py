"""What differs from country to country, by ISO 3166-1 alpha-2."""

from __future__ import annotations

# The number that a mobile reaches emergency services with; 112 in the EU and wherever GSM networks route it. To be
# confirmed by each clinic (CLINICAL.md D.8: "localise the phone number").
EMERGENCY = {"US": "911", "CA": "911", "MX": "911", "GB": "999", "AU": "000", "NZ": "111"}
EMERGENCY_ELSEWHERE = "112"

PAPERS = ("A4", "Letter")
# Where paper is US Letter (Unicode CLDR, paperSize "US-Letter"); A4 everywhere else.
LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})


def emergency_number(country: str) -> str:
    return EMERGENCY.get(country, EMERGENCY_ELSEWHERE)


def paper(country: str) -> str:
    """The size a printer there most likely holds: "A4" or "Letter"."""
    return "Letter" if country in LETTER else "A4"
