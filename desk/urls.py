"""Addresses of what staff see across subjects."""

from django.urls import path

from desk.views import dashboard, data_requests, history, new_conference, photos

app_name = "desk"
urlpatterns = [
    path("desk/new/", new_conference.create, name="new"),  # before desk/<slug>/
    path("desk/", dashboard.my_conferences, name="desk"),
    path("desk/<slug:slug>/", dashboard.dashboard, name="dashboard"),
    path("desk/<slug:slug>/checks/", dashboard.findings, name="checks"),
    path("desk/<slug:slug>/changes/", history.show_history, name="changes"),
    path("desk/<slug:slug>/changes/<number:entry_id>/take-back/", history.take_back, name="take-back"),
    path("desk/<slug:slug>/changes/<number:deleted_row_id>/restore/", history.restore, name="restore"),
    path("desk/<slug:slug>/calls/", data_requests.data_requests, name="calls"),
    path("desk/<slug:slug>/calls/new/", data_requests.new, name="call-new"),
    path("desk/<slug:slug>/calls/<number:data_request_id>/", data_requests.change, name="call"),
    path("desk/<slug:slug>/calls/<number:data_request_id>/withdraw/", data_requests.withdraw, name="call-withdraw"),
    path("desk/<slug:slug>/photos/", photos.photo_pool, name="pool"),
    path("desk/<slug:slug>/photos/add/", photos.add, name="photo-add"),
    path("desk/<slug:slug>/photos.xlsx", photos.pool_xlsx, name="pool-xlsx"),
    path("desk/<slug:slug>/photos/<digest:digest>", photos.file, name="photo"),
]
