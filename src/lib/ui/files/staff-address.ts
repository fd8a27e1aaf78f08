/** Where staff look at a client's files, and where the forms of that page go. */
export type FilesView = {
	folder: string | null;
	q: string;
	sort: string;
	page: number;
	deleted: boolean;
	/** `file:…` or `folder:…` that is being renamed or moved. */
	edit: string | null;
};

const queryOf = (view: Partial<FilesView>): [string, string][] =>
	Object.entries({
		folder: view.folder ?? '',
		q: view.q ?? '',
		sort: view.sort === 'name' ? '' : (view.sort ?? ''),
		page: view.page && view.page > 1 ? String(view.page) : '',
		view: view.deleted ? 'deleted' : '',
		edit: view.edit ?? ''
	}).filter((entry) => entry[1] !== '');

/** The tab of Client Details. */
export const filesHref = (clientId: string, view: Partial<FilesView> = {}): string =>
	`/clients/${clientId}?${new URLSearchParams([['tab', 'files'], ...queryOf(view)])}`;

/** A form action on the files' own page, which keeps what is shown. */
export function filesAction(clientId: string, view: Partial<FilesView>, action: string): string {
	const query = new URLSearchParams(queryOf(view)).toString();
	return `/clients/${clientId}/files?${query ? `${query}&` : ''}/${action}`;
}
