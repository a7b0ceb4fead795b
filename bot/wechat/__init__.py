"""WeChat Official Accounts and WeCom: callbacks in, replies and customer-service messages out."""
