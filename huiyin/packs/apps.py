from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "huiyin.packs"
    label = "packs"
