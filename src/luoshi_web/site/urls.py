"""All routes."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.conf import settings
from django.urls import include, path

# Of allauth's pages only those that we use: nobody signs up, no mail is sent.
urlpatterns = [
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/factor/", mfa.index, name="mfa_index"),
    path("account/factor/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("account/factor/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/factor/totp/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factor/totp/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("", include(("luoshi_web.site.own", "site"))),
    path("library/", include("luoshi_web.library.urls")),
    path("register/", include("luoshi_web.register.urls")),
    path("delivery/", include("luoshi_web.delivery.urls")),
    path("search/", include("luoshi_web.search.urls")),
    path("", include("luoshi_web.api.urls")),
    path("organisation/", include("luoshi_web.organisation.urls")),
    path("audit/", include("luoshi_web.audit.urls")),
]
if settings.LUOSHI.oidc:
    from allauth.socialaccount import views as social

    urlpatterns += [
        path("account/oidc/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("account/oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
        path("account/oidc/error/", social.login_error, name="socialaccount_login_error"),
    ]

handler400 = "luoshi_web.ui.errors.bad_request"
handler403 = "luoshi_web.ui.errors.forbidden"
handler404 = "luoshi_web.ui.errors.missing"
handler500 = "luoshi_web.ui.errors.fault"
