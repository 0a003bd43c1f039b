"""Addresses of 결재."""

from django.urls import path

from approvals import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("approvals/<number:round_id>/", views.show, name="round"),
    path("approvals/<number:round_id>/sign/", views.sign, name="sign"),
    path("approvals/<number:round_id>/opine/", views.opine, name="opine"),
    path("approvals/<number:round_id>/send-back/", views.send_back, name="send_back"),
    path("approvals/<number:round_id>/withdraw/", views.withdraw, name="withdraw"),
    path("approvals/<number:round_id>/redraft/", views.redraft, name="redraft"),
    path("approvals/<number:round_id>/stop/", views.stop, name="stop"),
    path("approvals/<number:round_id>/replace/<number:order>/", views.replace_signer, name="replace_signer"),
    path("approvals/documents/<number:document_id>/hand-over/", views.hand_over, name="hand_over"),
]
