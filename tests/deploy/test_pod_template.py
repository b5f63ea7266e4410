"""deploy/kubernetes fits Kubernetes' own schema, and Airflow makes a task's pod of the template."""

import copy
from pathlib import Path

import pytest
import yaml

from tests.deploy.kubernetes_types import unlike

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "deploy" / "kubernetes"
TEMPLATE = yaml.safe_load((FOLDER / "pod_template.yaml").read_text())
HELM = yaml.safe_load((PROJECT / "deploy" / "helm" / "values.yaml").read_text())
ARGUMENTS = ["python", "-m", "airflow.sdk.execution_time.execute_workload", "--json-string", "{}"]


@pytest.mark.parametrize(
    ("name", "kind"), [("pod_template", "V1Pod"), ("home", "V1PersistentVolumeClaim")]
)
def test_every_field_is_one_of_kubernetes_and_of_its_type(name, kind):
    text = (FOLDER / f"{name}.yaml").read_text()

    assert list(unlike(yaml.safe_load(text), kind, name)) == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("imagePulPolicy", "Always", "imagePulPolicy: V1Container has no such field"),
        ("command", "/usr/bin/env", "command: a list expected"),
        ("volumeMounts", [{"name": "home"}], "mount_path"),
    ],
)
def test_a_wrong_field_is_found(name, value, told):
    spoilt = copy.deepcopy(TEMPLATE)
    spoilt["spec"]["containers"][0][name] = value

    (fault,) = unlike(spoilt, "V1Pod", "pod")

    assert told in fault


@pytest.mark.integration
def test_airflow_makes_the_pod_of_a_task_of_it():
    from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator

    base = PodGenerator.deserialize_model_file(str(FOLDER / "pod_template.yaml"))
    pod = PodGenerator.construct_pod(
        dag_id="land_odoo",
        task_id="land",
        pod_id="land-odoo-land",
        try_number=1,
        kube_image="registry.example.invalid/umlauf:0.1.0",
        date=None,
        args=ARGUMENTS,
        pod_override_object=None,
        base_worker_pod=base,
        namespace="umlauf",
        scheduler_job_id="1",
    )

    (container,) = pod.spec.containers
    assert container.name == "base"
    assert [*container.command, *container.args] == ["/usr/bin/env", *ARGUMENTS]
    assert {mount.mount_path for mount in container.volume_mounts} >= {"/var/lib/umlauf"}
    assert pod.spec.restart_policy == "Never"


def test_it_has_what_the_charts_workers_have():
    (container,) = TEMPLATE["spec"]["containers"]
    celery = HELM["workers"]["celery"]
    image = HELM["images"]["airflow"]

    assert container["image"] == f"{image['repository']}:{image['tag']}"
    assert [one for one in celery["env"] if one not in container["env"]] == []
    assert celery["extraVolumeMounts"][0] in container["volumeMounts"]
    assert celery["extraVolumes"][0] in TEMPLATE["spec"]["volumes"]
    assert TEMPLATE["spec"]["securityContext"] == HELM["securityContexts"]["pod"]
    assert container["securityContext"] == HELM["securityContexts"]["containers"]


def test_the_lock_file_of_its_image_adds_packages_and_changes_none():
    everywhere = _pins("requirements.txt")
    image = _pins("requirements-kubernetes.txt")

    assert everywhere < image
    assert any(pin.startswith("apache-airflow-providers-cncf-kubernetes==") for pin in image)
    assert "ARG REQUIREMENTS=" in (PROJECT / "Dockerfile").read_text()


def _pins(name):
    lines = (PROJECT / name).read_text().splitlines()
    return {line.split()[0] for line in lines if "==" in line}
