from reminders.channels.email.transport import EmailChannel, hand_over

__all__ = ["EmailChannel", "hand_over"]
