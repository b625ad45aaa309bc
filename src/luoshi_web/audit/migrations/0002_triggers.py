"""Events can only be added."""

from django.db import migrations

from luoshi_web.audit import triggers


class Migration(migrations.Migration):
    """Puts the triggers on."""

    dependencies = (("audit", "0001_initial"),)
    operations = (migrations.RunPython(triggers.install, triggers.remove),)
