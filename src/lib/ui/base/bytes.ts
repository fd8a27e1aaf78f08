const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;
const STEP = 1000;

/** A size people read: `0 B`, `999 B`, `1.2 KB`, `34 MB` (1 KB is 1000 bytes, as file managers show it). */
export function formatBytes(bytes: number): string {
	let value = Number.isFinite(bytes) ? Math.max(0, bytes) : 0;
	let unit = 0;
	// The threshold is where rounding would print a four-digit number, so that 999 999 is "1 MB", not "1000 KB".
	while (unit < UNITS.length - 1 && Math.round(value) >= STEP) {
		value /= STEP;
		unit += 1;
	}
	const digits = unit === 0 || value >= 10 ? 0 : 1;
	return `${Number(value.toFixed(digits))} ${UNITS[unit] ?? 'B'}`;
}
