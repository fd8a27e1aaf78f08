// Long work in short pieces: the player's frame may share its thread with the page around it, whose buttons must answer.

/** Half of a frame: what is left of it is the browser's. */
const SLICE_MS = 8;

type Scheduling = { scheduler?: { yield?: () => Promise<void> } };

function rest(): Promise<void> {
	const { scheduler } = globalThis as Scheduling;
	// A timer is held back in steps of 4 ms; where there is better, the same work ends earlier.
	return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Lets the browser do what waits, whenever the work since the last rest has taken long enough.
 * @returns to be called between two steps; throws the signal's reason once it is aborted
 */
export function inSlices(signal?: AbortSignal): () => Promise<void> {
	let since = performance.now();
	return async () => {
		signal?.throwIfAborted();
		if (performance.now() - since < SLICE_MS) return;
		await rest();
		since = performance.now();
		signal?.throwIfAborted();
	};
}
