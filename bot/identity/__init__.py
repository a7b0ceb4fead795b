"""Who somebody is: sessions, the web hall's assertions, the verification page, and staff accounts.

Nothing here believes what a client claims: an identity comes from a signature, a password or a code that was checked
out of band, and is kept on the server.
"""
