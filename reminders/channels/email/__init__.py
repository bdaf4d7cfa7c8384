from reminders.channels.email.transport import EmailChannel

__all__ = ["EmailChannel"]
