"""Indexes that alone answer the ledger's counts and pages at 100,000 rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("register", "0001_commitments")]

    operations = [
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["state", "document", "start"], name="ledger_by_place"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["state", "deadline", "document"], name="ledger_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["state", "-strength", "id", "document"], name="ledger_by_strength"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["state", "-confirmed_at", "-id", "document"], name="ledger_by_time"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                fields=[
                    "state", "document", "anchor_state", "type", "domain", "deadline", "ongoing", "chapter",
                ],
                name="ledger_facets",
            ),
        ),
        migrations.AddIndex(
            model_name="tag",
            index=models.Index(fields=["kind", "commitment", "value"], name="tag_of"),
        ),
    ]  # fmt: skip
