from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "huiyin.rules"
    label = "rules"
