"""On SQLite events cannot be replaced either."""

from django.db import migrations

from luoshi_web.audit import triggers


class Migration(migrations.Migration):
    """Puts the triggers on anew, with the one that is new."""

    dependencies = (("audit", "0002_triggers"),)
    operations = (migrations.RunPython(triggers.install, migrations.RunPython.noop),)
