"""The index: its entries, and the engine's table of words."""

import django.db.models.deletion
from django.db import migrations, models

from luoshi_web.search import index


class Migration(migrations.Migration):
    """Makes both; the index itself is made when all migrations are done."""

    initial = True
    dependencies = (("library", "0001_initial"), ("register", "0001_commitments"))
    operations = (
        migrations.CreateModel(
            name="State",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("program", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Document"), (1, "Provision"), (2, "Commitment")]
                    ),
                ),
                ("start", models.PositiveIntegerField(default=0)),
                ("end", models.PositiveIntegerField(default=0)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="library.document",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="library.version",
                    ),
                ),
            ],
        ),
        migrations.RunPython(index.install, index.uninstall),
    )
