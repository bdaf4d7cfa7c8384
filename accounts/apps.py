from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in as entered  # noqa: PLC0415 (models must be loaded first)
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415

        from accounts.sessions import start_age  # noqa: PLC0415
        from accounts.signin import log_sign_in  # noqa: PLC0415

        user_logged_in.connect(start_age, dispatch_uid="accounts.start_age")
        entered.connect(log_sign_in, dispatch_uid="accounts.log_sign_in")
