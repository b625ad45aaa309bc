"""PostgreSQL looks for longer phrases in a line of tokens."""

from django.db import migrations

from luoshi_web.search import index


class Migration(migrations.Migration):
    """Makes the table anew; the index follows when all migrations are done."""

    dependencies = (("search", "0001_index"),)
    operations = (migrations.RunPython(index.reinstall, migrations.RunPython.noop),)
