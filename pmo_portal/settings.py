"""
Settings, read from the environment.

``PMO_MODE`` chooses the ground: ``production`` (the default, refuses anything unsafe), ``embedded``
(one machine, SQLite, no server to install; what ``make run`` uses) or ``test``.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from pmo_portal.logs import structlog_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("PMO_MODE", "production")
if MODE not in {"production", "embedded", "test"}:
    raise ImproperlyConfigured(f"PMO_MODE is {MODE!r}; use production, embedded or test.")
IS_PRODUCTION = MODE == "production"
DATA_DIR = Path(env.str("PMO_DATA_DIR", str(BASE_DIR / ".data"))).resolve()
DEBUG = False


def _embedded_secret(name: str, *, random_bytes: int = 64) -> str:
    """Return the random secret kept in the data directory, made on first use."""
    path = DATA_DIR / name
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = DATA_DIR / f"{name}.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(random_bytes))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()


def _secret(variable: str, file_name: str) -> str:
    """Return a secret; production takes it from the environment only and checks it."""
    value = env.str(variable, "")
    if MODE == "test":
        return value or f"test-{variable}-0123456789abcdefghijklmnopqrstuvwxyz0123456789"
    if MODE == "embedded":
        return value or _embedded_secret(file_name)
    weak = len(value) < 50 or len(set(value)) < 10 or "insecure" in value or "change" in value.lower()
    if weak or value.startswith(("demo", "test")):
        raise ImproperlyConfigured(
            f"{variable} is missing, too short or a demo value. Set it to at least 50 random characters, "
            "for example with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return value


def _idle_seconds(variable: str, text: str) -> int:
    """Return after how many seconds without a request a session ends (SEC-4)."""
    if not text.isdecimal() or not 30 * 60 <= int(text) <= 8 * 60 * 60:
        raise ImproperlyConfigured(f"{variable}: {text!r} is no time between 1800 and 28800 seconds.")
    return int(text)


SECRET_KEY = _secret("SECRET_KEY", "secret_key")
AUDIT_KEY = _secret("AUDIT_KEY", "audit_key")
if AUDIT_KEY == SECRET_KEY:
    raise ImproperlyConfigured("AUDIT_KEY must differ from SECRET_KEY.")
IS_DEMO_ALLOWED = not IS_PRODUCTION
# People of the demo organization; they exist only where a demo is allowed and was loaded.
DEMO_DOMAIN = "northwind.example"
# One password for all of them, random for each installation.
DEMO_PASSWORD = "northwind-demo-2026" if MODE == "test" else ""
if MODE == "embedded":
    DEMO_PASSWORD = _embedded_secret("demo_password", random_bytes=12)

# -- addresses -------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["*"])
if IS_PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the host names of this installation, without '*'.")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if IS_PRODUCTION and not all(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS):
    raise ImproperlyConfigured("CSRF_TRUSTED_ORIGINS must be https:// addresses.")
USE_HTTPS = env.bool("PMO_HTTPS", IS_PRODUCTION)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
if USE_HTTPS:
    SECURE_SSL_REDIRECT = env.bool("PMO_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- applications ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portfolio",
    "projects",
    "pmo_portal.operations",
    "pmo_portal.documents",
    "pmo_portal.notifications",
    "pmo_portal.api",
    "pmo_portal.audit",
    "pmo_portal.accounts",
    "pmo_portal.common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "template_partials",
    "django_htmx",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pmo_portal.common.compression.Compression",
    # Above the guard, so that its refusals carry their headers too (SEC-27).
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pmo_portal.common.middleware.request_guard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pmo_portal.accounts.middleware.session_limits",
    "pmo_portal.accounts.middleware.emergency_trail",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "pmo_portal.common.middleware.domain_errors",
]
ROOT_URLCONF = "pmo_portal.urls"
WSGI_APPLICATION = "pmo_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pmo_portal.common.context.shell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# -- database --------------------------------------------------------------------------------------
if IS_PRODUCTION and not env.str("DATABASE_URL", ""):
    raise ImproperlyConfigured("DATABASE_URL must name the database of this installation.")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
}
_database = DATABASES["default"]
IS_SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    if MODE == "embedded":
        DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # A plan of 10,000 rows does not fit into the 2 MB that pages of a file have by themselves.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        "options": "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=120s"
    }

# -- people ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "pmo_portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"reset_password": "pmo_portal.accounts.forms.sign_in.PasswordLinkForm"}
# Wrong passwords are counted by accounts.services.sign_in, which parallel guesses cannot outrun.
ACCOUNT_RATE_LIMITS: dict[str, str | None] = {
    "login": None,
    "login_failed": None,
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "try_need": "30/m/ip",
}
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60
LOGIN_FAILURES_PER_ACCOUNT = 5
LOGIN_FAILURES_PER_ADDRESS = 50
LOGIN_WINDOW = timedelta(minutes=15)

_prefix = "__Host-" if USE_HTTPS else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_prefix}pmo_session"
SESSION_COOKIE_SECURE = USE_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = _idle_seconds("SESSION_IDLE_SECONDS", env.str("SESSION_IDLE_SECONDS", "7200"))
# The shortest of a person's roles counts; a role without a time of its own has the one above.
SESSION_IDLE_BY_ROLE = {
    role: _idle_seconds("SESSION_IDLE_BY_ROLE", seconds)
    for role, _sign, seconds in (
        pair.strip().partition("=")
        for pair in env.str("SESSION_IDLE_BY_ROLE", "ADMINISTRATOR=1800").split(",")
        if pair.strip()
    )
}
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
CSRF_COOKIE_NAME = f"{_prefix}pmo_csrf"
CSRF_COOKIE_SECURE = USE_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "pmo_portal.common.views.errors.csrf_failure"

# -- what a browser may do -------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
UPLOAD_MAX_BYTES = 25 * 1024 * 1024

# -- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("PMO_STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [("", BASE_DIR / "static" / "dist")]
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = Path(env.str("PMO_MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# -- language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = env.str("PMO_LANGUAGE", "en")
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "pmo_portal" / "locale"]
FORMAT_MODULE_PATH = ["pmo_portal.formats"]
TIME_ZONE = env.str("PMO_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# -- work in the background ------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", "")
if IS_PRODUCTION and not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL must name the Redis server of this installation.")
CELERY_TASK_DEFAULT_QUEUE = "pmo"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"tick": {"task": "pmo_portal.tick", "schedule": 20.0}}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_VISIBILITY_TIMEOUT = 900
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": False,
    }
else:
    CELERY_BROKER_URL = "pmofiles://localhost"
    _queue = DATA_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.1,
        "store_processed": False,
    }
    if MODE != "test":
        for _folder in ("messages", "control"):
            (_queue / _folder).mkdir(parents=True, exist_ok=True, mode=0o700)
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 60)
JOB_MAX_ATTEMPTS = 5

# -- API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "pmo_portal.api.authentication.ScopedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "pmo_portal.api.permissions.TokenScope",
    ],
    "DEFAULT_PAGINATION_CLASS": "pmo_portal.api.pagination.PagePagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "pmo_portal.api.schema.OperationSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["pmo_portal.api.parsers.BoundedJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["pmo_portal.api.throttling.PerUserThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env.str("API_RATE", "1200/min")},
    "EXCEPTION_HANDLER": "pmo_portal.api.errors.exception_handler",
    "COERCE_DECIMAL_TO_STRING": True,
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {
    "TOKEN_MODEL": "api.ApiToken",
    "AUTH_HEADER_PREFIX": "Token",
    "AUTH_TOKEN_CHARACTER_LENGTH": 64,
    "TOKEN_TTL": timedelta(days=90),
    "AUTO_REFRESH": False,
}
KNOX_TOKEN_MODEL = "api.ApiToken"
# knox would make a table of its own beside ours, which nothing uses and which blocks a flush.
MIGRATION_MODULES = {"knox": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "PMO Portal API",
    "DESCRIPTION": "Projects, portfolios and their computed health, with the rights of the signed-in person.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "pmo_portal.api.schema.describe_errors",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ColorEnum": "projects.choices.Rag",
        "RateKind": "projects.choices.FxKind",
        "OrgUnitKind": "pmo_portal.accounts.choices.OrgUnitKind",
        "TimeKind": "projects.choices.TimeKind",
        "TaskKind": "projects.choices.TaskKind",
        "ChosenTaskKind": "projects.choices.CHOSEN_TASK_KINDS",
        "ProjectState": "projects.choices.ProjectState",
        "ImportState": "projects.choices.ImportState",
        "SnapshotKind": "portfolio.choices.SnapshotKind",
        "MethodologyState": "portfolio.choices.MethodologyState",
        "TemplateState": "portfolio.choices.TemplateState",
        "ArtefactState": "portfolio.choices.ArtefactState",
        "WaiverState": "portfolio.choices.WaiverState",
        "TokenScope": "pmo_portal.api.models.TokenScopeChoice",
        "AssessmentKind": "portfolio.choices.AssessmentKind",
        "MaturityScope": "portfolio.choices.MaturityScope",
        "AssessmentState": "portfolio.choices.AssessmentState",
        "GapState": "portfolio.choices.GapState",
        "LessonKind": "portfolio.choices.LessonKind",
        "LessonPhase": "portfolio.choices.LessonPhase",
        "LessonState": "portfolio.choices.LessonState",
        "OfferMark": "portfolio.choices.OfferMark",
        "GivenMark": "portfolio.choices.GIVEN_MARKS",
        "OfferOccasion": "portfolio.choices.OfferOccasion",
        "StandardChangeState": "portfolio.choices.ChangeState",
        "Discipline": "pmo_portal.accounts.choices.Discipline",
        "PmoRole": "portfolio.choices.PmoRole",
        "BusinessRole": "pmo_portal.accounts.choices.Role",
        "ContentLanguage": "portfolio.choices.KnowledgeLanguage",
    },
}

# -- mail, cache, logs -----------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", "smtp://localhost:25" if IS_PRODUCTION else "consolemail://"))
if MODE == "embedded" and "EMAIL_URL" not in env:
    # Logs hide the secret of a password link; the mail must hold it.
    EMAIL_BACKEND = "pmo_portal.common.mail_folder.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mails")
# Address people reach the portal at, for links in mails; without one mails carry no links.
PUBLIC_URL = env.str("PMO_PUBLIC_URL", "")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "PMO Portal <pmo-portal@localhost>")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
LOGGING = structlog_settings(level=env.str("LOG_LEVEL", "WARNING" if MODE == "test" else "INFO"))
SILENCED_SYSTEM_CHECKS: list[str] = []
