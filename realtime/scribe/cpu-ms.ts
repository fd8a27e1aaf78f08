// CPU time of this thread in ms. Not the time that passed: on a machine that is busy with others, an honest page would be charged for them.

/** Node before 23.9 does not tell it for a thread alone; then what passed is the best that is known. */
const usage: (() => NodeJS.CpuUsage) | undefined = (
	process as { threadCpuUsage?: () => NodeJS.CpuUsage }
).threadCpuUsage?.bind(process);

export function cpuMs(): number {
	if (!usage) return performance.now();
	const { user, system } = usage();
	return (user + system) / 1_000;
}
