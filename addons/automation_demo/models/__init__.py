from . import automation_demo, automation_demo_bank, automation_demo_shops, automation_demo_staff
