"""What the rules make of what happened at home: judged sessions, suggestions, flags, readiness for the next phase.

    log, days ──▶ story ──▶ judging ──┬──▶ suggesting ──▶ a therapist accepts ──▶ a revision
     (a window of 35 dates)           ├──▶ watching   ──▶ flags
                                      └──▶ readiness  ──▶ "ready for the next phase?"

Nothing here changes a plan by itself. A review runs in the worker within seconds of a sync, and at the latest when a
therapist looks (`due`): the phone's request stays as cheap as it was.
"""
