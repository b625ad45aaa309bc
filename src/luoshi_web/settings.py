"""Django's settings, all from :mod:`luoshi_web.config`; nothing else reads the environment."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from luoshi_web import config, database

LUOSHI = config.current()
HERE = Path(__file__).parent

DEBUG = LUOSHI.debug
SECRET_KEY = LUOSHI.secret_key
ALLOWED_HOSTS = list(LUOSHI.hosts)
DATABASES = {"default": database.settings_of(LUOSHI.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "luoshi_web.ui",
    "luoshi_web.audit",
    "luoshi_web.organisation",
    "luoshi_web.library",
    "luoshi_web.register",
    "luoshi_web.delivery",
    "luoshi_web.dashboards",
    "luoshi_web.search",
    "luoshi_web.api",
    "luoshi_web.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "rules",
    "axes",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"] if LUOSHI.oidc else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "luoshi_web.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "luoshi_web.organisation.middleware.IdleLogoutMiddleware",
    "luoshi_web.organisation.middleware.SignedInMiddleware",
    "luoshi_web.ui.middleware.SizeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "luoshi_web.ui.middleware.ClearErrorsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "luoshi_web.site.urls"
WSGI_APPLICATION = "luoshi_web.wsgi.application"
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
                "luoshi_web.ui.context.frame",
            ],
            "builtins": [
                "luoshi_web.ui.templatetags.ui",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

# Who signs in, and how
AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "luoshi_web.organisation.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # axes counts the failures, in the database, for all server processes
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Luoshi"
MFA_FORMS = {
    "authenticate": "luoshi_web.organisation.factors.AuthenticateForm",
    "reauthenticate": "luoshi_web.organisation.factors.ReauthenticateForm",
}
MFA_ADAPTER = "luoshi_web.organisation.adapter.MfaAdapter"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = LUOSHI.lock_minutes / 60
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "luoshi_web.organisation.signals.username_of"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_IPWARE_PROXY_COUNT = LUOSHI.proxies or None
AXES_VERBOSE = False
SOCIALACCOUNT_ONLY = False
if LUOSHI.oidc:
    SOCIALACCOUNT_ADAPTER = "luoshi_web.organisation.adapter.OidcAdapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": LUOSHI.oidc.get("name", "OIDC"),
                    "client_id": LUOSHI.oidc["client_id"],
                    "secret": LUOSHI.oidc["client_secret"],
                    "settings": {"server_url": LUOSHI.oidc["server_url"]},
                }
            ],
        }
    }

# Sessions end after idle time; the middleware counts it, so that polling does not keep one alive
SESSION_COOKIE_AGE = LUOSHI.idle_minutes * 60 + 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LUOSHI.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "luoshi_web.ui.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if LUOSHI.https and LUOSHI.proxies else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # browsers hold the redirect to the provider, which answers a form, against this list too
        "form-action": [SELF, *([LUOSHI.oidc["server_url"].rstrip("/") + "/"] if LUOSHI.oidc else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# The texts in the code are Chinese; English comes from each app's locale folder. What a visitor sees before
# choosing is LUOSHI.language: LANGUAGE_CODE must stay the code's own, gettext falls back to it.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "luoshi_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = "luoshi_web.ui.formats"

STATIC_URL = "/static/"
STATIC_ROOT = LUOSHI.data / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = LUOSHI.data / "media"
FILE_UPLOAD_TEMP_DIR = str(LUOSHI.data / "tmp") if (LUOSHI.data / "tmp").is_dir() else None
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 << 20
DATA_UPLOAD_MAX_NUMBER_FILES = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "axes.W006"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "luoshi_web": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
    },
}
