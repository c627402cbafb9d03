from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "huiyin.rules"
    label = "rules"

    def ready(self) -> None:
        from huiyin.rules import book
        from huiyin.staff import viewer

        viewer.tell_categories(lambda codes: book.current().within(codes))
