// The demo's folders and files. Bytes go through the Blobs port; the rows say what it kept.
import { Readable } from 'node:stream';
import type { FileId, FolderId, TaskId } from '#domain/ids.ts';
import type * as tables from '#server/db/schema/index.ts';
import type { Blobs } from '#server/ports/blobs.ts';
import type { Ids } from '#server/ports/ids.ts';
import { maker, type Cast } from './demo-tasks.ts';
import type { Dice } from './dice.ts';
import { samplePdf, samplePng, sampleText } from './sample-bytes.ts';

const DAY_MS = 86_400_000;
/** Far above any sample: the demo must not be stopped by the limit meant for uploads. */
const MAX_SAMPLE_BYTES = 5_000_000;
/** Each put syncs to disk; a few at once hide that wait without a burst of open files. */
const PUTS_AT_ONCE = 8;

type Folder = typeof tables.folder.$inferInsert;
type Row = Omit<typeof tables.file.$inferInsert, 'bytes' | 'sha256'>;
export type PlannedFile = { row: Row; content: Buffer };
export type DemoFiles = { folders: Folder[]; files: PlannedFile[] };

const FOLDERS: readonly (readonly [folder: string, inside: string | null])[] = [
	['Brand', null],
	['Contracts', null],
	['Website', null],
	['Photos', 'Website']
];
const LINES = [
	'Prepared by Northwind Studio.',
	'This sample belongs to the demo and holds no real data.',
	'Questions: reply to the task, we read it the same day.'
] as const;

type Kind = { folder: string | null; name: string; mediaType: string; make: (hue: number) => Buffer };
const text = (folder: string | null, name: string): Kind => ({
	folder,
	name: `${name}.txt`,
	mediaType: 'text/plain',
	make: () => sampleText(name, LINES)
});
const pdf = (folder: string | null, name: string): Kind => ({
	folder,
	name: `${name}.pdf`,
	mediaType: 'application/pdf',
	make: () => samplePdf(name, LINES)
});
/** Painting one takes some ms; a dozen colours serve all clients. */
const pictures = new Map<number, Buffer>();
const picture = (hue: number): Buffer => {
	const painted = pictures.get(hue) ?? samplePng(hue);
	pictures.set(hue, painted);
	return painted;
};
const png = (folder: string | null, name: string): Kind => ({
	folder,
	name: `${name}.png`,
	mediaType: 'image/png',
	make: picture
});

const KINDS: readonly Kind[] = [
	pdf('Contracts', 'Service agreement'),
	png('Brand', 'Logo'),
	text(null, 'Welcome'),
	pdf('Contracts', 'Price list'),
	png('Photos', 'Front of house'),
	text('Website', 'Texts for the home page'),
	png('Photos', 'Team'),
	pdf('Brand', 'Style guide'),
	png('Photos', 'Window'),
	text('Website', 'Notes from the call'),
	pdf(null, 'Offer'),
	png('Brand', 'Pattern')
];

type Build = { dice: Dice; ids: Ids; now: number };

const numbered = (name: string, round: number): string =>
	round === 0 ? name : name.replace(/(\.\w+)$/, ` ${round + 1}$1`);

/** Folders and `count` files of one client, and one attachment for each of `attachTo`. */
export function demoFiles(
	{ dice, ids, now }: Build,
	cast: Cast,
	plan: { count: number; attachTo: readonly TaskId[] }
): DemoFiles {
	const owner = { agencyId: cast.client.agencyId, clientId: cast.client.id };
	const folders: (Folder & { id: FolderId })[] = [];
	for (const [name, inside] of FOLDERS) {
		const parentId = folders.find((folder) => folder.name === inside)?.id ?? null;
		folders.push({ ...owner, id: ids.uuid() as FolderId, parentId, name });
	}
	const plannedFile = (kind: Kind, round: number, place: Pick<Row, 'folderId' | 'taskId'>): PlannedFile => {
		const fileId = ids.uuid() as FileId;
		return {
			row: {
				...owner,
				...place,
				id: fileId,
				name: numbered(kind.name, round),
				mediaType: kind.mediaType,
				blobKey: `uploads/${fileId}`,
				...maker(dice, cast),
				createdAt: new Date(now - dice.between(1, 300) * DAY_MS)
			},
			content: kind.make(30 * dice.between(0, 11))
		};
	};
	const kept = Array.from({ length: plan.count }, (_, index) => {
		const kind = KINDS[index % KINDS.length] ?? text(null, 'Note');
		const folderId = folders.find((folder) => folder.name === kind.folder)?.id ?? null;
		return plannedFile(kind, Math.floor(index / KINDS.length), { folderId, taskId: null });
	});
	const attached = plan.attachTo.map((taskId, round) =>
		plannedFile(dice.chance(50) ? png(null, 'Draft') : pdf(null, 'Draft'), round, { folderId: null, taskId })
	);
	return { folders, files: [...kept, ...attached] };
}

/** Puts all contents; @returns the rows with what the store measured */
export async function storeFiles(
	blobs: Blobs,
	planned: readonly PlannedFile[]
): Promise<(typeof tables.file.$inferInsert)[]> {
	const rows: (typeof tables.file.$inferInsert)[] = [];
	for (let from = 0; from < planned.length; from += PUTS_AT_ONCE) {
		const some = planned.slice(from, from + PUTS_AT_ONCE);
		const put = async ({ row, content }: PlannedFile) => ({
			...row,
			...(await blobs.put(row.blobKey, Readable.from([content]), MAX_SAMPLE_BYTES))
		});
		rows.push(...(await Promise.all(some.map(put))));
	}
	return rows;
}
