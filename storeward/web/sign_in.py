"""Signing in and out, and what a person sets for themselves: language and theme."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from storeward.accounts import preferences
from storeward.accounts.models import User
from storeward.web.frame import LANGUAGE_NAMES

TRIES = 6
WINDOW_SECONDS = 900
"""So many wrong passwords for one address from one place in a quarter of an hour; then it waits."""

DOTS = [(x, y) for y in range(22) for x in range(19)]
HATCHED = [(x, y) for y in (8, 9) for x in range(5, 15)]
FOUND = [("critical", 6, 4), ("warning", 11, 5), ("warning", 4, 6), ("warning", 14, 13)]


def _key(request: HttpRequest, email: str) -> str:
    return f"sign-in:{request.META.get('REMOTE_ADDR', '')}:{email.strip().lower()[:120]}"


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of ours only."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return asked if safe else "/"


def _form(request: HttpRequest, *, error: str = "", email: str = "", status: int = 200) -> HttpResponse:
    language = translation.get_language() or "en"
    context = {
        "error": error,
        "email": email,
        "next": _next(request),
        "languages": LANGUAGE_NAMES,
        "lang": "zh-Hans" if language.startswith("zh") else "en",
        "host": request.get_host(),
        "dots": [point for point in DOTS if point not in HATCHED],
        "hatched": HATCHED,
        "found": FOUND,
    }
    return render(request, "sign_in/page.html", context, status=status)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and what it posts. The answer is the same for an unknown address and a wrong password."""
    if request.user.is_authenticated:
        return redirect(_next(request))
    if request.method != "POST":
        return _form(request)
    email, password = request.POST.get("email", ""), request.POST.get("password", "")
    key = _key(request, email)
    if cache.get(key, 0) >= TRIES:
        return _form(request, error=_("Too many tries. Wait a quarter of an hour, then sign in again."), email=email, status=429)
    person = authenticate(request, username=email, password=password)
    if person is None:
        cache.add(key, 0, WINDOW_SECONDS)
        cache.incr(key)
        return _form(request, error=_("E-mail or password is wrong. Check both and try again."), email=email, status=401)
    cache.delete(key)
    login(request, person)
    return redirect(_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGIN_URL)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language of the pages: the person's, and this browser's until somebody signs in."""
    code = request.POST.get("language", "")
    response = HttpResponseRedirect(_next(request))
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax", secure=settings.HTTPS)
        if isinstance(request.user, User):
            preferences.set_language(request.user, code)
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if isinstance(request.user, User) and theme in ("", "light", "dark"):
        preferences.set_theme(request.user, theme)
    return HttpResponseRedirect(_next(request))
