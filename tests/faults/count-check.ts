// What a recorded page counted against what its recording says: the judge of every fault. Pure, and proven able to fail
// by its own test.
import { CUSTOM_TAGS, EVENT, SOURCE, type Loose, type RecordedEvent } from '#recorder/format/events.ts';

/** What a batch says of the count, in its order: each number, and each mark that something is left out. */
export type Said = (number | 'gap')[];

export type Kept = { seq: number; said: Said };

export type Trace = {
	/** Highest number of a batch that the hub said it has. */
	acknowledged: number;
	/** What was in each batch at the moment it was acknowledged. */
	promised: ReadonlyMap<number, Said>;
};

const COUNT = /^count (\d+)$/;

export const countText = (count: number): string => `count ${count}`;

/** What these events say of the count. */
export function saidIn(events: readonly RecordedEvent[]): Said {
	return events.flatMap(({ type, data }): Said => {
		if (type === EVENT.custom) return (data as Loose)['tag'] === CUSTOM_TAGS.dropped ? ['gap'] : [];
		const mutation = data as { source?: number; texts?: Loose[]; adds?: { node: Loose }[] };
		if (type !== EVENT.incremental || mutation.source !== SOURCE.mutation) return [];
		const texts = [
			...(mutation.texts ?? []).map(({ value }) => value),
			...(mutation.adds ?? []).map(({ node }) => node['textContent'])
		];
		return texts.flatMap((text) => {
			const count = typeof text === 'string' ? COUNT.exec(text)?.[1] : undefined;
			return count === undefined ? [] : [Number(count)];
		});
	});
}

/** Batches: each number once, in order, and none missing that was acknowledged. Numbers missing otherwise are the gap that a reader is shown. */
function faultsOfNumbers({ acknowledged }: Trace, kept: readonly Kept[]): string[] {
	const faults: string[] = [];
	const seen = new Set<number>();
	let highest = -1;
	for (const { seq } of kept) {
		if (seen.has(seq)) faults.push(`batch ${seq} is there twice`);
		else if (seq < highest) faults.push(`batch ${seq} comes after ${highest}`);
		seen.add(seq);
		highest = Math.max(highest, seq);
	}
	for (let seq = 0; seq <= acknowledged; seq += 1)
		if (!seen.has(seq)) faults.push(`batch ${seq} was acknowledged and is not there`);
	return faults;
}

/** An acknowledged batch says what it said then: a mark in its place is a loss, however honest. */
function faultsOfPromises({ promised }: Trace, kept: readonly Kept[]): string[] {
	return kept.flatMap(({ seq, said }) => {
		const then = promised.get(seq);
		if (!then || String(then) === String(said)) return [];
		return [`batch ${seq} was acknowledged with [${then}] and holds [${said}]`];
	});
}

/** Numbers counted: each follows the one before, but where the recording itself says that something is missing. */
function faultsOfCounts(kept: readonly Kept[]): { faults: string[]; reached: number; endsInGap: boolean } {
	const faults: string[] = [];
	let reached: number | null = null;
	let isGap = false;
	let nextSeq = kept[0]?.seq ?? 0;
	for (const { seq, said } of kept) {
		if (seq > nextSeq) isGap = true;
		nextSeq = seq + 1;
		for (const word of said) {
			if (word === 'gap') isGap = true;
			else {
				if (reached !== null && word <= reached) faults.push(`${word} comes again after ${reached}`);
				else if (reached !== null && word > reached + 1 && !isGap)
					faults.push(`${reached + 1} to ${word - 1} are missing and nothing says so`);
				reached = word;
				isGap = false;
			}
		}
	}
	return { faults, reached: reached ?? -1, endsInGap: isGap };
}

/**
 * What is wrong with a page's recording; empty where nothing is.
 * @param last what the page is known to have counted to, and must be recorded to or be shown as lacking
 */
export function findFaults(trace: Trace, kept: readonly Kept[], last = -1): string[] {
	const { faults, reached, endsInGap } = faultsOfCounts(kept);
	const short = reached < last && !endsInGap ? [`it counted to ${last} and is recorded to ${reached}`] : [];
	return [...faultsOfNumbers(trace, kept), ...faultsOfPromises(trace, kept), ...faults, ...short];
}
