#!/usr/bin/env bash
# Puts uv into .tools/ by pip, in an environment of its own; needs Python 3.11 with venv.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.13.9
python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
  echo "需要 Python 3.11，请先安装（Debian 12：apt-get install python3 python3-venv）。" >&2
  exit 2
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  echo "正在安装 python3-venv ……" >&2
  scripts/apt-install.sh python3-venv
fi
[ -x .tools/bin/pip ] || "$python" -m venv .tools
.tools/bin/pip install --quiet --disable-pip-version-check "uv==$version"
