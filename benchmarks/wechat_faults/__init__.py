"""WeChat and WeCom under faults: deliveries cut and doubled, gateways stopped and killed, a busy platform, odd bodies."""
