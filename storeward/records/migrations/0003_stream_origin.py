from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_change_tells"),
    ]

    operations = [
        migrations.AddField(
            model_name="stream",
            name="origin",
            field=models.CharField(
                choices=[
                    ("api", "Api"),
                    ("push", "Push"),
                    ("form", "Form"),
                    ("file", "File"),
                    ("derived", "reckoned from other facts"),
                ],
                db_default="api",
                default="api",
                max_length=8,
            ),
        ),
    ]
