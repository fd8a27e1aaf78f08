const SECOND_MS = 1000;
const UNITS = [
	['d', 86_400],
	['h', 3600],
	['min', 60],
	['s', 1]
] as const;

const wholeSeconds = (ms: number): number =>
	Number.isFinite(ms) ? Math.max(0, Math.floor(ms / SECOND_MS)) : 0;
const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** A running clock: `29:59`, from an hour on `1:02:03`. Never negative. */
export function formatClock(ms: number): string {
	const total = wholeSeconds(ms);
	const hours = Math.floor(total / 3600);
	const minutes = Math.floor((total % 3600) / 60);
	const seconds = twoDigits(total % 60);
	return hours > 0 ? `${hours}:${twoDigits(minutes)}:${seconds}` : `${twoDigits(minutes)}:${seconds}`;
}

/** A length in words, its two largest units: `45 s`, `6 min 12 s`, `1 h 5 min`, `2 d 3 h`; shorter than any: `under 1 s`. */
export function formatDuration(ms: number): string {
	let rest = wholeSeconds(ms);
	const first = UNITS.findIndex(([, size]) => rest >= size);
	if (first < 0) return ms > 0 && Number.isFinite(ms) ? 'under 1 s' : '0 s';
	const parts: string[] = [];
	for (const [name, size] of UNITS.slice(first, first + 2)) {
		const count = Math.floor(rest / size);
		rest -= count * size;
		if (count > 0) parts.push(`${count} ${name}`);
	}
	return parts.join(' ');
}
