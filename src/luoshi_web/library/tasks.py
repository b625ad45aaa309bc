"""What the worker process runs."""

from django_tasks import task

from luoshi_web.library import comparing, jobs, reading  # noqa: F401 the modules register their kinds of job


@task()
def run_job(pk: int) -> None:
    """Runs a job."""
    jobs.run(pk)
