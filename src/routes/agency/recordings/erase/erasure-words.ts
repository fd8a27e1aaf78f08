// What the pages of erasing many say, in words.
import type { PageData } from './$types';

type Choice = NonNullable<PageData['choice']>;
type Run = NonNullable<PageData['run']>;
type Kind = keyof Choice['kept'];

export const countOf = (n: number): string => (n === 1 ? '1 recording' : `${n} recordings`);

const KEPT: Record<Kind, string> = {
	held: 'on hold',
	review: 'a verdict is due first',
	own: 'you were inside, so somebody else must erase them',
	running: 'still running, or ended only seconds ago',
	erased: 'erased before'
};
export const KINDS = Object.keys(KEPT) as Kind[];

/** "3 recordings stay: on hold" */
export const keptSentence = (kind: Kind, n: number): string =>
	`${countOf(n)} ${n === 1 ? 'stays' : 'stay'}: ${KEPT[kind]}`;

export const isNothing = ({ free, kept }: Choice): boolean =>
	free.length === 0 && KINDS.every((kind) => kept[kind].length === 0);

/** How it stands: over the card, and at its bar. */
export function runWords({ total, endedAt, isStopped }: Run): { title: string; label: string } {
	if (endedAt === null) return { title: `Erasing ${countOf(total)}`, label: 'Erasing' };
	return isStopped ? { title: 'Stopped', label: 'Stopped' } : { title: 'Erased', label: 'Done' };
}

/** What has become of it, in a sentence. */
export function runSentence({ total, erased, kept, endedAt }: Run): string {
	if (endedAt === null) return `${erased + kept} of ${total} looked at.`;
	const told = erased === 0 ? 'Nothing was erased.' : `${countOf(erased)} erased for good.`;
	const stays = kept === 0 ? '' : ` ${kept} kept, for the reasons below.`;
	const left = total - erased - kept;
	return `${told}${stays}${left > 0 ? ` ${left} left as they were: it was stopped.` : ''}`;
}
