#!/usr/bin/env bash
# npm test: everything, in the order that fails fastest. What is missing is installed when CI=true or the user agrees.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$1"; }

missing=()
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)

if [ "${#missing[@]}" -gt 0 ]; then
	may_install=no
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		if [ "${CI:-}" = true ]; then may_install=yes
		elif [ -t 0 ]; then
			read -r -p "The tests need ${missing[*]}. Install with apt-get? [y/N] " answer
			[ "$answer" = y ] && may_install=yes
		fi
	fi
	if [ "$may_install" = no ]; then
		echo "The tests need ${missing[*]}: install them (Debian: apt-get install ${missing[*]}) and run npm test again." >&2
		exit 1
	fi
	say "Installing ${missing[*]}"
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi

say 'Format, lint'
npx svelte-kit sync
npm run --silent lint
say 'Types'
npm run --silent check
say 'Dead code'
npm run --silent dead
say 'Unit and architecture'
npx vitest run --config tests/vitest.config.ts --project unit --project architecture
say 'Build'
npm run --silent build
say 'Contract, integration and attack'
npx vitest run --config tests/vitest.config.ts --project contract --project integration --project attack
say 'Browser'
npx playwright test --config tests/playwright.config.ts
