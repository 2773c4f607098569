"""Settings, all from the environment; docs/running.md lists them. Contradictions are system checks (checks.py)."""

from pathlib import Path

from django.core.management.utils import get_random_secret_key

from storeward.lib import environment

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR = environment.data_dir()
"""The folder that holds everything this installation keeps."""

CREDENTIAL_KEYS = Path(environment.text("STOREWARD_KEYS") or DATA_DIR / "keys" / "credentials.keys")
"""File of the keys that platform credentials are sealed with; see storeward.lib.crypto."""

DEBUG = environment.flag("STOREWARD_DEBUG", default=False)
# Without a lasting key every process has its own and nobody stays signed in; check storeward.E001 refuses to serve so.
SECRET_KEY_GIVEN = environment.text("STOREWARD_SECRET_KEY")
SECRET_KEY = SECRET_KEY_GIVEN or get_random_secret_key()
PUBLIC_URL = (environment.text("STOREWARD_PUBLIC_URL") or "").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = environment.words("STOREWARD_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("STOREWARD_BEHIND_PROXY", default=False) else None
)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    "storeward.audit",
    "storeward.accounts",
    "storeward.stores",
    "storeward.records",
    "storeward.rulebook",
    "storeward.listings",
    "storeward.sync",
    "storeward.findings",
    "storeward.rounds",
    "storeward.intake",
    "storeward.web",
    "storeward.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "storeward.config.compress.CompressText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "storeward.config.headers.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "storeward.config.urls"
ASGI_APPLICATION = "storeward.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(environment.text("DATABASE_URL"), pool=environment.number("STOREWARD_DATABASE_POOL", 0))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES: dict[str, str] = {}

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_NAME = "storeward_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "storeward_language"
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

STATIC_URL = "/static/"
# Files are served from the packages themselves: nothing to collect before a start. Their addresses carry a hash of what is in
# them (web/assets.py), so a browser keeps them for a year and never asks again.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

# Tasks live in `jobs.py` of each stage, the timetable in pipeline.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["storeward.pipeline"]

LOG_LEVEL = (environment.text("STOREWARD_LOG_LEVEL") or "WARNING").upper()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "storeward.lib.redact.RedactingFilter"}},
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
