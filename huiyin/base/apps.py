from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "huiyin.base"
    label = "base"
