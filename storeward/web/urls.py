"""Addresses of the pages. The scope stands in front: nothing for all stores, `g/<id>/` for a group, `s/<key>/` for one store."""

from django.urls import include, path

from storeward.web import bring, connect, connections, deadlines, finding, notices, search, sign_in, store, stores, today

scoped = [
    path("news/", today.news),
    path("deadlines/", deadlines.deadlines),
    path("stores/", stores.stores),
]

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out),
    path("me/language/", sign_in.set_language),
    path("me/theme/", sign_in.set_theme),
    path("f/<int:finding_id>/", finding.show),
    path("f/<int:finding_id>/take/", finding.take),
    path("f/<int:finding_id>/give-back/", finding.give_back),
    path("f/<int:finding_id>/snooze/", finding.snooze),
    path("f/<int:finding_id>/resolve/", finding.resolve),
    path("f/<int:finding_id>/reopen/", finding.reopen),
    path("bring/", bring.bring),
    path("bring/<int:upload_id>/", bring.show),
    path("bring/<int:upload_id>/take/", bring.take),
    path("bring/<int:upload_id>/discard/", bring.discard),
    path("bring/template/<slug:sheet>/<slug:ending>/", bring.template),
    path("notices/", notices.notices),
    path("notices/<int:notice_id>/", notices.show),
    path("notices/<int:notice_id>/enter/", notices.enter),
    path("notices/<int:notice_id>/aside/", notices.aside),
    path("connections/", connections.connections),
    path("connections/<slug:key>/test/", connections.test),
    path("connections/<slug:key>/sync/", connections.sync),
    path("search/", search.search),
    path("connect/", connect.choose),
    path("connect/by-hand/", connect.by_hand),
    path("connect/made/", connect.made),
    path("connect/back/", connect.back),
    path("connect/back/<slug:platform>/", connect.back),
    path("connect/go/<int:app_id>/", connect.go),
    path("connect/renew/<int:connection_id>/", connect.renew),
    path("connect/<slug:platform>/", connect.platform),
    path("", today.today, name="today"),
    path("", include(scoped)),
    path("g/<int:group>/", today.today),
    path("g/<int:group>/", include(scoped)),
    path("s/<slug:key>/", store.store),
    path("s/<slug:key>/enter/<slug:name>/", store.enter),
    path("s/<slug:key>/today/", today.today),
    path("s/<slug:key>/", include(scoped)),
]
