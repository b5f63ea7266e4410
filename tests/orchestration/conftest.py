"""Airflow writes its configuration where AIRFLOW_HOME points: here, a folder that goes away."""

import os
import shutil
import tempfile

import pytest


@pytest.fixture(scope="session", autouse=True)
def airflow_home():
    folder = tempfile.mkdtemp(prefix="umlauf-airflow-")
    os.environ["AIRFLOW_HOME"] = folder
    os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
    os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"
    yield folder
    shutil.rmtree(folder)
