// What a fault came to, and how it is told.

export type Report = {
	/** What contradicts the promise: empty where nothing does. */
	faults: string[];
	/** Numbers that were acknowledged: nothing is proven by a run that counted none. */
	counted: number;
};
