# One image for everything of docker-compose.yaml but PostgreSQL: Airflow's services, the local AWS, the simulator.
# It contains no secrets and no state: those come from the environment and from volumes.

FROM python:3.11-slim-bookworm AS environment
COPY requirements.txt .
RUN python -m venv /opt/boxoffice \
    && /opt/boxoffice/bin/python -m pip install --no-cache-dir "$(grep -E '^uv==' requirements.txt | cut -d' ' -f1)" \
    && /opt/boxoffice/bin/uv pip install --no-cache --compile-bytecode --python /opt/boxoffice/bin/python -r requirements.txt

FROM python:3.11-slim-bookworm
# A volume inherits the owner and mode of the folder that it is mounted on.
RUN groupadd --gid 10001 boxoffice \
    && useradd --uid 10001 --gid boxoffice --create-home --shell /usr/sbin/nologin boxoffice \
    && install --directory --owner=boxoffice --group=boxoffice --mode=0750 \
        /var/lib/boxoffice /var/lib/boxoffice/aws /var/lib/airflow /var/lib/airflow/logs /run/boxoffice
COPY --from=environment /opt/boxoffice /opt/boxoffice
COPY . /srv/boxoffice/
RUN chmod -R a+rX /srv/boxoffice && /opt/boxoffice/bin/python -m compileall -q /srv/boxoffice
ENV PATH=/opt/boxoffice/bin:$PATH \
    PYTHONPATH=/srv/boxoffice \
    PYTHONUNBUFFERED=1 \
    BOXOFFICE_HOME=/var/lib/boxoffice \
    AIRFLOW_HOME=/var/lib/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/srv/boxoffice/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/srv/boxoffice/dags/plugins
WORKDIR /srv/boxoffice
USER 10001:10001
CMD ["python", "-m", "infra.launcher.containers", "--help"]
