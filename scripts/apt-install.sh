#!/usr/bin/env bash
# Installs the named Debian packages that are missing; needs root or sudo only when something is missing.
set -euo pipefail
missing=()
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
become=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "缺少系统软件包：${missing[*]}，请用管理员身份安装。" >&2; exit 2; }
  become=(sudo)
fi
echo "正在安装系统软件包：${missing[*]} ……" >&2
"${become[@]}" apt-get update -qq
# A package that starts a service must not do so here: the tests start their own servers.
"${become[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
