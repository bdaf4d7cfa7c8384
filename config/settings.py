"""Settings. With no environment at all: SQLite and an embedded Valkey under `var/`, one machine, debug off.

Every variable is listed in docs/operations.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from celery.schedules import schedule

from config.databases import database
from config.datafolder import data_folder, embedded_redis_url, secret_key, vapid_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

DATA = data_folder(env.str("HOMESTRETCH_DATA", str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", "") or secret_key(DATA)
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
# The address that invitations and e-mails carry; without it, the address of the request.
BASE_URL = env.str("BASE_URL", "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "accounts",
    "exercises",
    "programs",
    "patients",
    "reminders",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.security_headers",
    "accounts.limits.retry_after",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.rolling_sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# ---- Data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": database(env.str("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "") or embedded_redis_url(DATA)
CACHES = {
    "default": {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("REDIS_PREFIX", "homestretch"),
    }
}

# ---- Celery ---------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = "homestretch"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Kombu's default sweep takes about 100 s to give back what a killed worker held (TOOLCHAIN.md).
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "global_keyprefix": env.str("REDIS_PREFIX", "homestretch") + ":",
}
CELERY_TIMEZONE = "UTC"
REMINDER_TICK_S = env.int("REMINDER_TICK_S", 30)
# How long a dispatcher may hold what it claimed, and after what time a call counts as interrupted: longer than any mail
# server or push service may take.
REMINDER_LEASE_S = env.int("REMINDER_LEASE_S", 120)
REMINDER_IN_FLIGHT_S = env.int("REMINDER_IN_FLIGHT_S", 300)
# How many calls to mail servers and push services a process has under way at once: most of their time is waiting.
REMINDER_SENDS_AT_ONCE = max(1, env.int("REMINDER_SENDS_AT_ONCE", 8))
# How long an answer waits for the rules at most, where nobody looks before (patients.review.due).
REVIEW_TICK_S = 10
CELERY_BEAT_SCHEDULE = {
    # A tick that was not run before the next one is due has nothing to add: it expires. The worker reads that from a
    # clock of its own, which may be seconds ahead of beat's.
    "reminders": {
        "task": "reminders.tick",
        "schedule": schedule(REMINDER_TICK_S),
        "options": {"expires": max(REMINDER_TICK_S, 30)},
    },
    "review": {"task": "patients.review", "schedule": schedule(REVIEW_TICK_S), "options": {"expires": REVIEW_TICK_S}},
    "days": {"task": "patients.lay_out_days", "schedule": schedule(3600), "options": {"expires": 3600}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "celerybeat-schedule")

# ---- Who you are ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/sign-in?verify={key}",
    "account_reset_password": "/sign-in?reset=1",
    "account_reset_password_from_key": "/sign-in?reset={key}",
    "account_signup": "/sign-in",
}
ACCOUNT_ADAPTER = "accounts.signin.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # e-mail may take a few minutes
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
USERSESSIONS_TRACK_ACTIVITY = False  # a write with every request; last activity is on the phone's row

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 180 * 24 * 3600
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = 365 * 24 * 3600
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
# auth.W004 wants `unique=True` on the e-mail. It is unique where it exists, in any spelling: the constraint
# `user_email_once` on lower(email). Patients may have none.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

# How often one may try (accounts/limits.py); None switches a limit off. Addresses are counted as the proxy reports
# them only where there is a proxy: else anyone could write a new address into X-Forwarded-For with each attempt.
RATE_LIMITS: dict[str, str | None] = {
    "guess": env.str("RATE_GUESS", "30/min"),
    "mail": env.str("RATE_MAIL", "60/hour"),
    "draw": env.str("RATE_DRAW", "240/min"),
}
PROXIES = 1 if SECURE_PROXY_SSL_HEADER else 0
# Networks that may read /metrics; every other caller finds nothing there.
METRICS_ALLOW: list[str] = env.list("METRICS_ALLOW", default=["127.0.0.0/8", "::1/128"])
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# ---- The API --------------------------------------------------------------------------------------------------------
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # OPTIONS would describe a view by its serializer, which not every view has. It is 405; the schema describes all.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "config.schema.Schema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.conventions.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["accounts.api.conventions.StrictFilters"],
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "config.errors.exception_handler",
    "NUM_PROXIES": PROXIES,
    "NON_FIELD_ERRORS_KEY": "non_field_errors",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": False,
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_FORMATTER_CLASS": "config.errors.Formatter"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Homestretch",
    "DESCRIPTION": "Home-exercise programs for physiotherapy. See docs/api.md for the rules that a schema cannot say.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["drf_standardized_errors.openapi_hooks.postprocess_schema_enums"],
    "ENUM_NAME_OVERRIDES": {
        "ValidationErrorEnum": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum.choices",
        "ClientErrorEnum": "drf_standardized_errors.openapi_serializers.ClientErrorEnum.choices",
        "ServerErrorEnum": "drf_standardized_errors.openapi_serializers.ServerErrorEnum.choices",
        "ErrorCode401Enum": "drf_standardized_errors.openapi_serializers.ErrorCode401Enum.choices",
        "ErrorCode403Enum": "drf_standardized_errors.openapi_serializers.ErrorCode403Enum.choices",
        "ErrorCode404Enum": "drf_standardized_errors.openapi_serializers.ErrorCode404Enum.choices",
        # Fields named alike in several components.
        "FlagKindEnum": "patients.models.FlagKind.choices",
        "LockKindEnum": "patients.models.LockKind.choices",
        "CheckinKindEnum": "patients.sync.items.CHECKINS",
        "ExerciseKindEnum": "exercises.models.Kind.choices",
        "ClinicRoleEnum": "accounts.models.Role.choices",
        "PaperEnum": "accounts.countries.PAPERS",
        "MuscleRoleEnum": "exercises.models.MuscleRole.choices",
        "MeRoleEnum": ["staff", "patient"],
        "LanguageEnum": ["en", "es"],
        "PatientStatusEnum": "patients.models.people.PatientStatus.choices",
        "LegSideEnum": "patients.models.Side.choices",
        "ReminderChannelEnum": "reminders.models.ChannelName.choices",
        "ReminderKindEnum": "reminders.models.RuleKind.choices",
        "PhoneProblemEnum": "reminders.phones.PROBLEMS",
    },
}

# ---- Files, languages, mail, logs -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
PWA_DIST = BASE_DIR / "pwa" / "dist"
# Everything in dist is served from the root (/assets/…, /sw.js, /icon…); the two entry pages are views.
WHITENOISE_ROOT = PWA_DIST if PWA_DIST.is_dir() else None
WHITENOISE_USE_FINDERS = True
WHITENOISE_INDEX_FILE = False
# Vite writes a hash of the contents into every name under /assets/.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.\w+$"
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
MEDIA_ROOT = DATA / "media"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
TIME_ZONE = "UTC"
USE_TZ = True

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
# environ takes the leading slash off the folder of filemail:///folder, which then lay wherever a process was started.
EMAIL_FILE_PATH = f"/{folder}" if (folder := EMAIL_CONFIG.get("EMAIL_FILE_PATH")) else str(DATA / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Homestretch <reminders@homestretch.example>")
EMAIL_TIMEOUT = 20

# Web push (reminders/channels/push). Loopback is for tests alone: phones name the addresses that are called.
VAPID_PRIVATE_KEY = vapid_key(DATA, env.str("VAPID_PRIVATE_KEY", ""))
VAPID_SUBJECT = env.str("VAPID_SUBJECT", "")
PUSH_LOOPBACK = env.bool("PUSH_LOOPBACK", False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
