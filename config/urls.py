"""Every address of the house. Each app names its own under /api/v1/."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import pages
from exercises.api.figures import figure
from exercises.api.media import MediaFileView

api: list[URLPattern | URLResolver] = [
    path("", include("accounts.api.urls")),
    path("", include("exercises.api.urls")),
    path("", include("programs.api.urls")),
    path("", include("patients.api.urls")),
    path("", include("reminders.api.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("operators/", admin.site.urls),
    path("figures/<str:sha256>.svg", figure, name="figure"),
    path("media/<slug:sha256>", MediaFileView.as_view(), name="media"),
    path("", include("reminders.urls_public")),
    path("", include("config.operations")),
    re_path(r"^clinic(?:/.*)?$", pages.clinic_app, name="clinic-app"),
    # The phone app owns every other address that is not a file.
    re_path(
        r"^(?!api/|_allauth/|operators/|figures/|static/|assets/|metrics/?$)(?:[^.]*)$",
        pages.phone_app,
        name="phone-app",
    ),
]

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
