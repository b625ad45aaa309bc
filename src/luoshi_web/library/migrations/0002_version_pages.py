"""The pages of the original that a version stands on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="version", name="pages", field=models.JSONField(default=list), preserve_default=True
        )
    ]
