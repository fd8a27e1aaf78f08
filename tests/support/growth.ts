/**
 * How much more of a core `run` takes for `times` as much: about `times` where the work is linear, `times`² where it is
 * quadratic. Processor time of this process and the best of three, so that a busy machine changes little; where the work is
 * too short to be measured, the size grows first.
 */
export function growth(run: (size: number) => void, size: number, times: number): number {
	let from = size;
	let small = processorMs(run, from);
	while (small < 8) {
		from *= 2;
		small = processorMs(run, from);
	}
	return processorMs(run, from * times) / small;
}

function processorMs(run: (size: number) => void, size: number): number {
	const measured = [0, 1, 2].map(() => {
		const before = process.cpuUsage();
		run(size);
		const { user, system } = process.cpuUsage(before);
		return (user + system) / 1_000;
	});
	return Math.min(...measured);
}
