"""Addresses of 결재."""

from django.urls import path

from approvals import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("approvals/<int:number>/", views.show, name="round"),
    path("approvals/<int:number>/sign/", views.sign, name="sign"),
    path("approvals/<int:number>/opine/", views.opine, name="opine"),
    path("approvals/<int:number>/send-back/", views.send_back, name="send_back"),
    path("approvals/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("approvals/<int:number>/redraft/", views.redraft, name="redraft"),
]
