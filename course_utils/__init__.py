"""The package behind the course; import its modules by name: `from course_utils import datasets`."""
