"""Django's settings, all made from ``base.settings`` and the city's pack."""

from __future__ import annotations

from pathlib import Path

from haihe.base import sealing
from haihe.base.settings import settings as haihe_settings
from haihe.engine.postgres.address import database_url, django_database
from haihe.project.pack import systems_on

HAIHE = haihe_settings()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = sealing.key(HAIHE.keys_path, "pages").hex()
DEBUG = False
ALLOWED_HOSTS = HAIHE.hosts.split(",")
ROOT_URLCONF = "haihe.project.urls"
WSGI_APPLICATION = "haihe.project.wsgi.application"
AUTH_USER_MODEL = "org.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "haihe.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "haihe.kernel.ledger",
    "haihe.kernel.places",
    "haihe.kernel.org",
    "haihe.kernel.people",
    "haihe.kernel.files",
    "haihe.kernel.messages",
    "haihe.kernel.catalogue",
    "haihe.kernel.exchange",
    "haihe.kernel.services",
    *systems_on(HAIHE.city),
]

MIDDLEWARE = [
    "haihe.project.watching.Counting",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

DATABASES = {"default": django_database(database_url(HAIHE))}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haihe.ui.context.house",
            ],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = HAIHE.data / "static"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HAIHE.secure

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
