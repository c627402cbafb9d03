from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "huiyin.duty"
    label = "duty"
