import type { SubmitFunction } from '@sveltejs/kit';

type Quiet<T> = {
	onbusy?: (isBusy: boolean) => void;
	ondone: (data: T) => void;
	/** A sentence that says what is wrong. */
	onfault: (sentence: string) => void;
};

const UNSENT = 'It was not saved. Check the connection and try again.';

/**
 * Sends a form without loading the page anew: that would open the replay a second time, log it, and begin the film again.
 * What the action answers is what is different now.
 */
export const quietly =
	<T>({ onbusy, ondone, onfault }: Quiet<T>): SubmitFunction =>
	() => {
		onbusy?.(true);
		return ({ result }) => {
			onbusy?.(false);
			if (result.type === 'success') return ondone(result.data as T);
			if (result.type !== 'failure') return onfault(UNSENT);
			const data = result.data as { sentence?: string; issues?: Record<string, string> } | undefined;
			onfault(data?.sentence ?? Object.values(data?.issues ?? {})[0] ?? UNSENT);
		};
	};
