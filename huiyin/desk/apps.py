from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "huiyin.desk"
    label = "desk"
