"""All addresses of the product are those of its pages."""

from django.urls import include, path

urlpatterns = [path("", include("storeward.web.urls"))]
