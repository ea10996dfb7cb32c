import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import haihe.base.ids


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0006_sets_that_follow"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=haihe.base.ids.new_id, primary_key=True, serialize=False
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("equal", "Equal"),
                            ("differs", "Differs"),
                            ("unsettled", "Unsettled"),
                            ("failed", "Failed"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("ended_at", models.DateTimeField()),
                ("rows_source", models.BigIntegerField(default=0)),
                ("rows_target", models.BigIntegerField(default=0)),
                ("source_hash", models.DecimalField(decimal_places=0, max_digits=38, null=True)),
                ("target_hash", models.DecimalField(decimal_places=0, max_digits=38, null=True)),
                ("rows_differing", models.BigIntegerField(default=0)),
                ("rows_waiting", models.BigIntegerField(default=0)),
                ("rows_unsettled", models.BigIntegerField(default=0)),
                ("is_whole", models.BooleanField(default=True)),
                ("columns", models.JSONField(default=dict)),
                ("differences", models.JSONField(default=list)),
                ("entry", models.UUIDField(null=True)),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("error", models.TextField(blank=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconciliations",
                        to="exchange.link",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["link", "-ended_at"], name="reconciliation_by_link")
                ],
            },
        ),
    ]
