"""What messaging platforms (WeChat, WeCom) have in common: who writes, what came in, what is still to be sent."""
