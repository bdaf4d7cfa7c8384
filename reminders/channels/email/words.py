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
