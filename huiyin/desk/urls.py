from django.urls import path
from django.views.generic import RedirectView

from huiyin.desk.views import cases, desk, files, password, presence, promises, relations, scope, signin

urlpatterns = [
    path("", RedirectView.as_view(url="/desk", http_method_names=["get", "head"]), name="start"),
    path("sign-in", signin.sign_in, name="sign-in"),
    path("sign-out", signin.sign_out, name="sign-out"),
    path("password", password.change, name="password"),
    path("scope", scope.confirm, name="scope"),
    path("desk", desk.page, name="desk"),
    path("desk/list", desk.lists, name="desk-list"),
    path("desk/notices/read", desk.read_notices, name="notices-read"),
    path("desk/presence", presence.change, name="presence"),
    path("desk/cases/<str:number>", cases.page, name="case"),
    path("desk/cases/<str:number>/timeline", cases.timeline, name="case-timeline"),
    path("desk/cases/<str:number>/reply", cases.reply, name="case-reply"),
    path("desk/cases/<str:number>/note", cases.note, name="case-note"),
    path("desk/cases/<str:number>/move", cases.move, name="case-move"),
    path("desk/cases/<str:number>/reveal", cases.reveal, name="case-reveal"),
    path("desk/cases/<str:number>/relations", relations.page, name="case-relations"),
    path("desk/cases/<str:number>/relate", relations.act, name="case-relate"),
    path("desk/cases/<str:number>/promises", promises.page, name="case-promises"),
    path("desk/cases/<str:number>/promises/make", promises.make, name="case-promise-make"),
    path("desk/promises/<uuid:promise>", promises.act, name="promise-act"),
    path("desk/files/<uuid:uuid>", files.download, name="file"),
]
