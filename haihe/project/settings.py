"""Django's settings, all made from ``base.settings`` and the city's pack."""

from __future__ import annotations

from pathlib import Path

from haihe.base import sealing
from haihe.base.calendars import read_calendar
from haihe.base.logs import LIBRARIES
from haihe.base.settings import settings as haihe_settings
from haihe.base.text import in_language
from haihe.engine.postgres.address import database_url, django_database
from haihe.kernel.catalogue.declare import Limits, Procedure
from haihe.project.pack import pack_folder, read_city, systems_on, texts
from haihe.project.pack.read import code_scheme_of, platforms_of
from haihe.ui.assets import is_immutable

HAIHE = haihe_settings()
CITY = read_city(HAIHE.city)
CITY_TEXTS = texts(HAIHE.city)
CITY_PLATFORMS = platforms_of(pack_folder(HAIHE.city))
SYSTEMS = systems_on(HAIHE.city)
CITY_CALENDAR = read_calendar(pack_folder(HAIHE.city) / "calendar.csv", zone=CITY["time_zone"])
CATALOGUE_LIMITS = Limits(**CITY.get("demand_days", {}))
CATALOGUE_PROCEDURE = Procedure(**CITY.get("demands", {}))
CATALOGUE_CODES = code_scheme_of(pack_folder(HAIHE.city), CITY)
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = sealing.key(HAIHE.keys_path, "pages").hex()
DEBUG = False
ALLOWED_HOSTS = HAIHE.hosts.split(",")
ROOT_URLCONF = "haihe.project.urls"
WSGI_APPLICATION = "haihe.project.wsgi.application"
AUTH_USER_MODEL = "org.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Of two translations of one text the earlier app's is said: ours come first.
    "haihe.ui",
    *SYSTEMS,
    "haihe.kernel.ledger",
    "haihe.kernel.places",
    "haihe.kernel.org",
    "haihe.kernel.people",
    "haihe.kernel.files",
    "haihe.kernel.messages",
    "haihe.kernel.catalogue",
    "haihe.kernel.exchange",
    "haihe.kernel.services",
    "haihe.kernel.cases",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "haihe.project.watching.Counting",
    "django.middleware.security.SecurityMiddleware",
    "haihe.ui.frame.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "haihe.ui.frame.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "haihe.ui.sign_in.sessions.keep_terms",
    "haihe.ui.frame.Failures",
    "haihe.project.problems.Problems",
]
LOGGING = LIBRARIES
CSRF_FAILURE_VIEW = "haihe.project.problems.form_expired"

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

FORM_RENDERER = "haihe.ui.forms.Renderer"
LANGUAGE_CODE = CITY["languages"][0]
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000  # the page of a case type sends 400 for the report's
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the package; nothing is collected
WHITENOISE_IMMUTABLE_FILE_TEST = is_immutable
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HAIHE.secure
# Behind a proxy that speaks TLS, forms come from https although the proxy speaks http to us.
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HAIHE.secure else []
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if HAIHE.secure and HAIHE.proxies else None
)

ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "haihe.ui.sign_in.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # tries are counted in the database: org.actions.tries
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ALLAUTH_TRUSTED_PROXY_COUNT = HAIHE.proxies
MFA_ADAPTER = "haihe.ui.sign_in.adapter.MfaAdapter"
ACCOUNT_FORMS = {"login": "haihe.ui.sign_in.forms.SignInForm"}
MFA_FORMS = {
    "authenticate": "haihe.ui.sign_in.forms.CountedAuthenticateForm",
    "reauthenticate": "haihe.ui.sign_in.forms.CountedReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
# A passkey is bound to an HTTPS origin; the demo is looked at on this machine, without HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = HAIHE.demo and not HAIHE.secure
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones' clocks differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
AUTHENTICATION_BACKENDS = ["haihe.ui.sign_in.backend.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username",)}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * max(HAIHE.officer_session_minutes, HAIHE.citizen_session_minutes)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Used one-time codes must be known to every process; the table is made by org's migration.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "org_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
CITY_NAME = in_language(CITY["name"], LANGUAGE_CODE)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
