"""When things happen: the only room that knows Airflow. What happens is in the other rooms."""
