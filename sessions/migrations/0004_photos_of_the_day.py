from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conference_sessions", "0003_day_changes")]

    operations = [
        migrations.AlterField(
            model_name="daychange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("start", "시작"),
                    ("finish", "종료"),
                    ("count", "인원"),
                    ("delay", "지연"),
                    ("place", "장소 변경"),
                    ("cancel", "취소"),
                    ("photos", "사진"),
                ],
                max_length=10,
                verbose_name="구분",
            ),
        ),
    ]
