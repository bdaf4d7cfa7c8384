"""The catalogue of everything a reminder e-mail and its unsubscribe page say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    language: str
    subject: str
    greeting: str
    waiting: str
    open_app: str
    why: str
    why_nudge: str
    nudge_subject: str
    nudge: tuple[str, ...]
    weekly_subject: str
    weekly_count: str
    weekly_one: str
    weekly_none: str
    weekly_unknown: str
    weekly_unknown_one: str
    weekly_next: str
    stop: str
    ask_title: str
    ask_text: str
    ask_button: str
    stopped_title: str
    stopped_text: str
    dead_title: str
    dead_text: str


CATALOGUE = {
    "en": Words(
        language="en",
        subject="Your exercises for today are waiting",
        greeting="Hello,",
        waiting="your exercises for today are waiting.",
        open_app="Open Homestretch",
        why="You get this because a reminder is set in Homestretch.",
        # [D] own wording, as all of this catalogue.
        why_nudge="You get this because your clinic has set up a reminder in Homestretch.",
        nudge_subject="A word from Homestretch",
        nudge=(
            "we have not seen any sessions from you for a few days.",
            "If you did some, open the app: it then sends what it has kept.",
            "If something keeps you from them, write to your therapist in the app. Nothing has to be made up for.",
        ),
        weekly_subject="Your week in Homestretch",
        weekly_count="this week you did {done} of {due} sessions.",
        weekly_one="this week you did your session.",
        weekly_none="this week had other plans. That happens.",
        weekly_unknown="Of {n} sessions we do not know yet. If you did them, open the app: it then sends what it has "
        "kept.",
        weekly_unknown_one="Of one session we do not know yet. If you did it, open the app: it then sends what it has "
        "kept.",
        weekly_next="A new week begins. Take it one session at a time.",
        stop="Stop these e-mails",
        ask_title="Stop reminder e-mails?",
        ask_text="You will get no more reminders by e-mail. You can turn them on again in the app, under Me.",
        ask_button="Stop the e-mails",
        stopped_title="Reminder e-mails are off",
        stopped_text="You will get no more of them. You can turn them on again in the app, under Me.",
        dead_title="This link does not work",
        dead_text="It may have been cut off on its way. Open the latest reminder and use the link there, or turn "
        "reminders off in the app, under Me.",
    ),
    "es": Words(
        language="es",
        subject="Tus ejercicios de hoy te esperan",
        greeting="Hola:",
        waiting="tus ejercicios de hoy te esperan.",
        open_app="Abrir Homestretch",
        why="Recibes este mensaje porque hay un recordatorio activado en Homestretch.",
        why_nudge="Recibes este mensaje porque tu clínica ha activado un recordatorio en Homestretch.",
        nudge_subject="Unas palabras de Homestretch",
        nudge=(
            "hace unos días que no nos llega ninguna sesión tuya.",
            "Si has hecho alguna, abre la aplicación: así envía lo que tiene guardado.",
            "Si algo te lo impide, escribe a tu fisioterapeuta en la aplicación. No hace falta recuperar nada.",
        ),
        weekly_subject="Tu semana en Homestretch",
        weekly_count="esta semana has hecho {done} de {due} sesiones.",
        weekly_one="esta semana has hecho tu sesión.",
        weekly_none="esta semana ha tenido otros planes. A veces pasa.",
        weekly_unknown="De {n} sesiones aún no sabemos nada. Si las has hecho, abre la aplicación: así envía lo que "
        "tiene guardado.",
        weekly_unknown_one="De una sesión aún no sabemos nada. Si la has hecho, abre la aplicación: así envía lo que "
        "tiene guardado.",
        weekly_next="Empieza una semana nueva. Poco a poco, sesión a sesión.",
        stop="No recibir más estos correos",
        ask_title="¿Dejar de recibir recordatorios por correo?",
        ask_text="No recibirás más recordatorios por correo. Puedes volver a activarlos en la aplicación, en «Yo».",
        ask_button="Dejar de recibirlos",
        stopped_title="Los recordatorios por correo están desactivados",
        stopped_text="No recibirás ninguno más. Puedes volver a activarlos en la aplicación, en «Yo».",
        dead_title="Este enlace no funciona",
        dead_text="Puede que haya llegado incompleto. Usa el enlace del último recordatorio o desactiva los "
        "recordatorios en la aplicación, en «Yo».",
    ),
}


def words_for(language: str) -> Words:
    """By the primary tag (`es-MX` is Spanish); English where a language has no catalogue."""
    return CATALOGUE.get(language.split("-", maxsplit=1)[0].lower(), CATALOGUE["en"])
