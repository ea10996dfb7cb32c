"""Values under an objection, marked where they are served; how many a batch delivered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_files_and_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="values_objected",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="Objected",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("subject", models.BinaryField(max_length=16)),
                ("resource", models.CharField(max_length=80)),
                ("column", models.CharField(max_length=80)),
                ("key", models.JSONField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "resource"], name="objected_by_subject")
                ],
            },
        ),
    ]
