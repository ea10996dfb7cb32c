"""Versions of resources stay as they were made."""

from __future__ import annotations

from django.db import migrations

KEPT = """
create trigger catalogue_version_kept before update or delete on catalogue_resourceversion
for each row execute function catalogue_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_core_fields")]

    operations = [
        migrations.RunSQL(
            KEPT, reverse_sql="drop trigger catalogue_version_kept on catalogue_resourceversion"
        ),
    ]
