from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "huiyin.staff"
    label = "staff"
