"""Addresses below /policy/."""

from django.urls import path

from storeward.web import (
    check_text,
    policy,
    policy_changes,
    policy_draft,
    policy_news,
    policy_readers,
    policy_rule,
    policy_tasks,
    policy_versions,
)

urlpatterns = [
    path("", policy.policy),
    path("rule/<slug:rule>/", policy_rule.rule),
    path("rule/<slug:rule>/figure/", policy_rule.set_own),
    path("rule/<slug:rule>/end/", policy_rule.end_own),
    path("rule/<slug:rule>/review/", policy_rule.review),
    path("changes/", policy_changes.changes),
    path("versions/", policy_versions.listing),
    path("versions/new/", policy_draft.new),
    path("versions/<int:version_id>/", policy_versions.show_version),
    path("versions/<int:version_id>/edit/", policy_draft.edit),
    path("versions/<int:version_id>/replay/", policy_versions.replay),
    path("versions/<int:version_id>/publish/", policy_versions.publish),
    path("versions/<int:version_id>/withdraw/", policy_versions.withdraw),
    path("versions/<int:version_id>/task/", policy_versions.task),
    path("versions/<int:version_id>/read/", policy_readers.read),
    path("news/", policy_news.news),
    path("news/<int:announcement_id>/", policy_news.one),
    path("news/<int:announcement_id>/dismiss/", policy_news.dismiss),
    path("tasks/<int:task_id>/done/", policy_tasks.finish),
    path("check/", check_text.check_text),
]
