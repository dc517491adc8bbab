from . import automation_batch, automation_case, automation_retry_mixin, automation_retry_poll
