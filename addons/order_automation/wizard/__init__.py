from . import automation_preview
