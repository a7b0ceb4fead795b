"""Staff: accounts with a password and one-time codes, sign-in through a provider (OIDC), and their sessions."""
