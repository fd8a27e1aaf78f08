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

# Two lanes on two cores. What a lane says is shown whole once it is done, so that neither talks into the other.
words=$(mktemp -d)
trap 'rm -rf "$words"' EXIT
lanes=()
lane() {
	"$1" >"$words/$1" 2>&1 &
	lanes+=("$!:$1")
}
join() {
	local one failed=0
	for one in "${lanes[@]}"; do
		wait "${one%%:*}" || failed=1
		cat "$words/${one#*:}"
	done
	lanes=()
	return "$failed"
}

style() {
	say 'Format, lint'
	npm run --silent lint
}
sense() {
	say 'Types'
	npm run --silent types
	say 'Dead code'
	npm run --silent dead
	say 'Unit and architecture'
	npx vitest run --config tests/vitest.config.ts --project unit --project architecture
}

npx svelte-kit sync
lane style
lane sense
join
say 'Build'
npm run --silent build
say 'Contract, integration and attack'
npx vitest run --config tests/vitest.config.ts --project contract --project integration --project attack --project timed --project short-faults
say 'Browser'
E2E_WORKERS=2 npx playwright test --config tests/playwright.config.ts
