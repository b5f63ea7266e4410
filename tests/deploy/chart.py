"""What deploy/helm/values.yaml relies on of the official Helm chart of Airflow, version 1.22.0.

The chart's own schema is on no package index, so these are facts we state: every name that we set,
and the type that it has there. Who has the chart at hand checks against the schema itself:
AIRFLOW_CHART_SCHEMA=.../values.schema.json pytest tests/deploy
"""

VERSION = "1.22.0"

_WORDS, _SECRET = [str], str
_COMMAND = {"command": _WORDS, "args": _WORDS}
_PROBE = {
    "command": _WORDS,
    "initialDelaySeconds": int,
    "periodSeconds": int,
    "timeoutSeconds": int,
    "failureThreshold": int,
}
_SWITCH = {"enabled": bool}
_PART = {
    **_COMMAND,
    "waitForMigrations": _SWITCH,
    "logGroomerSidecar": _SWITCH,
    "livenessProbe": _PROBE,
    "resources": "V1ResourceRequirements",
}
# A name stands for the type of Kubernetes that has these fields, a type for itself.
VALUES = {
    "executor": str,
    "airflowVersion": str,
    "images": {
        "airflow": {"repository": str, "tag": str, "pullPolicy": str},
        "migrationsWaitTimeout": int,
    },
    "uid": int,
    "gid": int,
    "securityContexts": {"pod": "V1PodSecurityContext", "containers": "V1SecurityContext"},
    "postgresql": _SWITCH,
    "data": {
        "metadataSecretName": _SECRET,
        "resultBackendSecretName": _SECRET,
        "brokerUrlSecretName": _SECRET,
    },
    "fernetKeySecretName": _SECRET,
    "apiSecretKeySecretName": _SECRET,
    "jwtSecretName": _SECRET,
    "redis": {"passwordSecretName": _SECRET, "resources": "V1ResourceRequirements"},
    "env": [{"name": str, "value": str}],
    "config": dict,  # sections and options of airflow.cfg
    "logs": {"persistence": {"enabled": bool, "size": str}},
    "migrateDatabaseJob": _COMMAND,
    "createUserJob": _SWITCH,
    "apiServer": {**_COMMAND, "waitForMigrations": _SWITCH, "resources": "V1ResourceRequirements"},
    "scheduler": _PART,
    "dagProcessor": {**_PART, **_SWITCH},
    "triggerer": {**_PART, "persistence": _SWITCH},
    "workers": {
        "celery": {
            **_PART,
            "replicas": int,
            "persistence": _SWITCH,
            "terminationGracePeriodSeconds": int,
            "env": ["V1EnvVar"],
            "extraVolumes": ["V1Volume"],
            "extraVolumeMounts": ["V1VolumeMount"],
        }
    },
}


def faults(value, shape, place="values"):
    """Yield what of a value is not as the table says, by its place."""
    from tests.deploy.kubernetes_types import unlike

    if isinstance(shape, str):
        yield from unlike(value, shape, place)
    elif isinstance(shape, dict) and isinstance(value, dict):
        for name, inner in value.items():
            there = f"{place}.{name}"
            if name not in shape:
                yield f"{there}: the chart has no such value"
            else:
                yield from faults(inner, shape[name], there)
    elif isinstance(shape, list) and isinstance(value, list):
        for number, inner in enumerate(value):
            yield from faults(inner, shape[0], f"{place}[{number}]")
    elif not isinstance(shape, type) or type(value) is not shape:
        wanted = getattr(shape, "__name__", type(shape).__name__)
        yield f"{place}: {wanted} expected, {'nothing' if value is None else repr(value)} came"
