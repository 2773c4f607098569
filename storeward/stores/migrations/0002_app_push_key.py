from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="app",
            name="sealed_push_key",
            field=models.TextField(blank=True, default="", help_text="what webhooks are signed with, where that is another key"),
            preserve_default=False,
        ),
    ]
