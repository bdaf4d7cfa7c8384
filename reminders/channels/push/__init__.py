from reminders.channels.push.transport import PushChannel

__all__ = ["PushChannel"]
