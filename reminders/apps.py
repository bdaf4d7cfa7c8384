from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        from reminders import following_patients, signing_out  # noqa: PLC0415 (models are loaded only now)

        following_patients.connect()
        signing_out.connect()
