from . import automation_demo, automation_demo_staff
