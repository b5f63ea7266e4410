# Umlauf's one image, from the lock file that every other set-up uses.
# A tag, not a digest: replace it by the digest your registry shows for it, and keep that up to date.
FROM python:3.11.13-slim-bookworm AS packages
WORKDIR /build
# For KubernetesExecutor: --build-arg REQUIREMENTS=requirements-kubernetes.txt
ARG REQUIREMENTS=requirements.txt
COPY requirements-uv.txt requirements.txt requirements-kubernetes.txt ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && python -m venv /opt/venv \
    && uv pip install --python /opt/venv/bin/python --no-cache --require-hashes \
        --compile-bytecode -r "$REQUIREMENTS"

FROM python:3.11.13-slim-bookworm
# Folders that become volumes belong to the user already: a new volume takes over their owner.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin umlauf \
    && install -d -o umlauf -g umlauf -m 0750 /opt/airflow /var/lib/umlauf /var/log/airflow
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/umlauf
COPY dags dags
COPY plugins plugins
COPY dbt_project dbt_project
COPY expectations expectations
COPY shares shares
RUN printf '#!/opt/venv/bin/python\nfrom umlauf.cli import main\n\nmain()\n' > /opt/venv/bin/umlauf \
    && chmod 0755 /opt/venv/bin/umlauf \
    && /opt/venv/bin/python -m compileall -q plugins
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/umlauf/plugins \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/umlauf/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/umlauf/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__LOGGING__BASE_LOG_FOLDER=/var/log/airflow \
    UMLAUF_HOME=/var/lib/umlauf
USER 10001:10001
ENTRYPOINT ["airflow"]
