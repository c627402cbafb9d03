from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "huiyin.automation"
    label = "automation"

    def ready(self) -> None:
        # Registering is importing: the reactions stand in the table, the checks in their packages.
        from huiyin.automation import reactions  # noqa: F401
        from huiyin.base import checks as base_checks  # noqa: F401
        from huiyin.cases import belongings as case_belongings  # noqa: F401
        from huiyin.cases import checks as case_checks  # noqa: F401
        from huiyin.cases import identity  # noqa: F401
        from huiyin.intake import belongings as intake_belongings  # noqa: F401
        from huiyin.intake import checks as intake_checks  # noqa: F401
        from huiyin.notices import belongings as notice_belongings  # noqa: F401
