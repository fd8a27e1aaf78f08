// Sizes in sentences of the server. Pages show theirs with ui/base/bytes.ts, which may know nothing of the domain.

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;
const STEP = 1000;

/** "0 bytes", "4.2 MB", "5 GB": at most one digit behind the point, 1 KB is 1000 bytes. */
export function formatSize(bytes: number): string {
	let value = Math.max(0, bytes);
	let unit = 0;
	while (unit < UNITS.length - 1 && Math.round(value) >= STEP) {
		value /= STEP;
		unit += 1;
	}
	return `${Number(value.toFixed(value < 10 && unit > 0 ? 1 : 0))} ${UNITS[unit]}`;
}
