"""Units that do not see each other's documents may each keep the same file."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A text stands once in a document, not once in all."""

    dependencies = (("library", "0004_unsourced_judged"),)
    operations = (
        migrations.RemoveConstraint("version", "one_version_of_text"),
        migrations.AddConstraint(
            "version",
            models.UniqueConstraint(
                fields=("document", "file", "ordinal", "text_sha256"), name="one_version_of_text"
            ),
        ),
    )
