// What an evidence pack says of its recording, as far as its player shows it. The page reads it out of a file that anybody may have
// written, so it is text and numbers here and nothing more.
import { isLoose } from '../format/events.ts';
import { isFilmIndex, type FilmIndex } from '../playback/film-index.ts';

export type PackEntry = {
	kind: string;
	/** ms since the start. */
	at: number;
	until: number | null;
	title: string;
	subject: string | null;
	note: string | null;
	by: string | null;
	cause: string | null;
};

export type PackIndex = {
	title: string;
	agency: string;
	reason: string;
	ticket: string | null;
	startedAt: number;
	lengthMs: number;
	film: FilmIndex;
	entries: PackEntry[];
	pictures: PackPicture[];
};

/** Which member stands at an address of a page. */
export type PackPicture = { pageId: string; name: string; id: string; type: string };

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOf = (value: unknown): number =>
	typeof value === 'number' && Number.isFinite(value) ? value : 0;

function toEntry(value: unknown): PackEntry[] {
	if (!isLoose(value)) return [];
	return [
		{
			kind: textOf(value.kind),
			at: numberOf(value.at),
			until: typeof value.until === 'number' ? value.until : null,
			title: textOf(value.title),
			subject: textOrNull(value.subject),
			note: textOrNull(value.note),
			by: textOrNull(value.by),
			cause: textOrNull(value.cause)
		}
	];
}

/** Only what is shown or loaded as a picture or a font, and runs nothing. */
const TYPE = /^(?:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)|font\/(?:woff2?|ttf|otf))$/;

function toPicture(value: unknown): PackPicture[] {
	if (!isLoose(value)) return [];
	const picture = {
		pageId: textOf(value.pageId),
		name: textOf(value.name),
		id: textOf(value.id),
		type: textOf(value.type)
	};
	return TYPE.test(picture.type) ? [picture] : [];
}

/** Null for what is no index of a pack. */
export function toPackIndex(text: string): PackIndex | null {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return null;
	}
	if (!isLoose(value) || !isLoose(value.film)) return null;
	const film = { ...value.film, pages: value.pages };
	if (!isFilmIndex(film)) return null;
	return {
		title: textOf(value.title),
		agency: textOf(value.agency),
		reason: textOf(value.reason),
		ticket: textOrNull(value.ticket),
		startedAt: numberOf(value.startedAt),
		lengthMs: Math.max(1, numberOf(value.lengthMs)),
		film,
		entries: Array.isArray(value.entries) ? value.entries.flatMap(toEntry) : [],
		pictures: Array.isArray(value.pictures) ? value.pictures.flatMap(toPicture) : []
	};
}
