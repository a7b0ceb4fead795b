#!/usr/bin/env bash
# What only the tests need: a browser with Chinese fonts, and real PostgreSQL and Redis servers.
set -euo pipefail
"$(dirname "$0")/apt-install.sh" chromium fonts-noto-cjk postgresql redis-server
