"""What can be wrong with the audit trail."""


class AuditError(Exception):
    """The audit trail cannot be read or written; the message is one Chinese sentence."""
