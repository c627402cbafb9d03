"""Django's settings, made from Huiyin's own (`base.config`), which are the ones that operators set."""

import os
import sys
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from huiyin.base import config

try:
    HUIYIN = config.read(os.environ)
except config.SettingsError as error:
    sys.exit(f"huiyin: {error}")

SECRET_KEY = HUIYIN.secret_key
DEBUG = False
ALLOWED_HOSTS = list(HUIYIN.allowed_hosts)
ROOT_URLCONF = "huiyin.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "huiyin.base",
    "huiyin.staff",
    "huiyin.customers",
    "huiyin.rules",
    "huiyin.channels",
    "huiyin.cases",
    "huiyin.notices",
    "huiyin.duty",
    "huiyin.dispatch",
    "huiyin.intake",
    "huiyin.packs",
    "huiyin.automation",
    "huiyin.desk",
    "huiyin.portal",
    "huiyin.api",
]
MIDDLEWARE = [
    "huiyin.base.web.Conduct",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "huiyin.base.web.Policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "huiyin.staff.web.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "huiyin.staff.web.SignedIn",
    "huiyin.staff.web.Duty",
    "huiyin.staff.web.Strangers",
    "django_htmx.middleware.HtmxMiddleware",
    "huiyin.api.keys.Keys",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
            ],
            "builtins": [
                "huiyin.base.templatetags.drawn",
                "huiyin.desk.templatetags.owed",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme.startswith("postgres"):
        options: dict[str, Any] = {
            "options": "-c lock_timeout=5000 -c statement_timeout=60000",
            **dict(parse_qsl(parts.query)),
        }
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            # Our threads are few and stay: each keeps its connection, which is checked before it is used again.
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": options,
        }
    path = url.removeprefix("sqlite:///") if url else str(HUIYIN.data_dir / "huiyin.sqlite3")
    return {
        "ENGINE": "huiyin.base.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "TEST": {
            "NAME": str(HUIYIN.data_dir / f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.sqlite3")
        },
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            # FULL: an answered request is on the disk. NORMAL can lose the last commits at a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; "
            "PRAGMA journal_size_limit=67108864;",
        },
    }


DATABASES = {"default": _database(HUIYIN.database_url)}

AUTH_USER_MODEL = "staff.Staff"
SESSION_ENGINE = "huiyin.staff.sessions"
SESSION_COOKIE_AGE = HUIYIN.session_hours * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "huiyin.portal.views.errors.csrf"
_HTTPS = HUIYIN.public_url.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_NAME = "__Host-huiyin" if _HTTPS else "huiyin"
DEVICE_COOKIE_NAME = "__Host-device" if _HTTPS else "huiyin-device"
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "huiyin-csrf"
CSRF_TRUSTED_ORIGINS = [HUIYIN.public_url]
SECURE_HSTS_SECONDS = 31536000 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front decides; we never see plain http then
# "no-referrer" makes browsers post forms with `Origin: null`, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 42 * 1024 * 1024
PASSWORD_HASHERS = ["huiyin.staff.passwords.Hasher"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

USE_TZ = True
TIME_ZONE = HUIYIN.time_zone
USE_I18N = True
LANGUAGE_CODE = HUIYIN.language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "__Host-language" if _HTTPS else "huiyin-language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [os.path.join(os.path.dirname(__file__), "locale")]  # noqa: PTH118, PTH120

STATIC_URL = "/static/"
STATIC_ROOT = HUIYIN.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
NINJA_PAGINATION_PER_PAGE = 50
LOGGING_CONFIG = None
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # redirecting to https is the proxy's work
    *(
        [] if _HTTPS else ["security.W004", "security.W012", "security.W016"]
    ),  # plain http on loopback, by decision
]
