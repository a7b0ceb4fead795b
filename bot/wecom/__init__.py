"""WeCom (企业微信): the assistant for staff in a self-built app."""
