from django.urls import path

from huiyin.portal.views import ask, details, files, follow, language

urlpatterns = [
    path("ask", ask.ask, name="ask"),
    path("c/<str:token>", follow.page, name="follow"),
    path("c/<str:token>/messages", follow.add, name="follow-add"),
    path("c/<str:token>/details", details.give, name="follow-details"),
    path("c/<str:token>/confirm", follow.confirm, name="follow-confirm"),
    path("c/<str:token>/dispute", follow.dispute, name="follow-dispute"),
    path("c/<str:token>/files/<uuid:uuid>", files.download, name="follow-file"),
    path("c/<str:token>/files/<uuid:uuid>/picture", files.picture, name="follow-picture"),
    path("language", language.choose, name="language"),
]
