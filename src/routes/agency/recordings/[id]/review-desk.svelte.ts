import { clockText, type TimelineEntry } from '#domain/timeline.ts';
import type { Bookmark, Comment, Notes } from '#server/usecases/review/read-comments.ts';
import type { ReviewState } from '#server/usecases/review/read-review.ts';

/** A comment or a bookmark among what happened, on the same clock. */
export type NoteEntry = Omit<TimelineEntry, 'kind'> & { kind: 'comment' | 'bookmark'; comment?: Comment };
export type ListEntry = TimelineEntry | NoteEntry;
export type Place = { x: number; y: number };

const BARE = { until: null, by: null, pageId: null, cause: null, note: null } as const;

const fromComment = (comment: Comment): NoteEntry => ({
	...BARE,
	kind: 'comment',
	id: `comment:${comment.id}`,
	at: comment.at,
	title: `${comment.by}:`,
	subject: comment.body,
	by: comment.by,
	comment
});

const fromBookmark = ({ at, label }: Bookmark): NoteEntry => ({
	...BARE,
	kind: 'bookmark',
	id: `bookmark:${at}`,
	at,
	title: label || `Bookmark at ${clockText(at)}`,
	subject: null
});

/** What people add to a recording while they look at it, and the form they add it with. */
export class ReviewDesk {
	comments: Comment[] = $state.raw([]);
	bookmarks: Bookmark[] = $state.raw([]);
	review: ReviewState = $state.raw({ review: null, isOwn: false, reviewers: [], people: [] });
	/** The recording to go on with, once this one has a verdict. */
	next: string | null = $state(null);
	tab: 'events' | 'review' = $state('events');
	isWriting = $state(false);
	/** The next press on the screen says where the comment stands. */
	isPlacing = $state(false);
	place: Place | null = $state.raw(null);
	isHelpOpen = $state(false);

	constructor(notes: Notes, review: ReviewState, tab: 'events' | 'review') {
		this.takeNotes(notes);
		this.review = review;
		this.tab = tab;
	}

	get notes(): NoteEntry[] {
		return [...this.comments.map(fromComment), ...this.bookmarks.map(fromBookmark)];
	}

	takeNotes({ comments, bookmarks }: Notes): void {
		this.comments = comments;
		this.bookmarks = bookmarks;
	}

	write(): void {
		this.tab = 'events';
		this.isWriting = true;
	}

	stopWriting(): void {
		this.isWriting = false;
		this.isPlacing = false;
		this.place = null;
	}

	bookmarkAt(at: number): Bookmark | undefined {
		return this.bookmarks.find((bookmark) => bookmark.at === at);
	}
}
