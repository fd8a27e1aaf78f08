// The name a file is kept and offered under. It never becomes a path: blobs lie under keys of our own.

const MAX_LENGTH = 180;

/** Invisible and direction-changing characters: "gpj.exe" turned round by one would read as a picture. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** What of a given name is shown: its last part, without invisible characters, never empty, `.` or `..`. */
export function safeFileName(given: string): string {
	const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
	const name = last.replace(UNSEEN, '').trim().replace(/^\.+$/, '');
	const letters = [...name];
	if (letters.length === 0) return 'file';
	if (letters.length <= MAX_LENGTH) return name;
	// The ending stays: people and programs tell a file's kind by it.
	const ending = /\.[^.]{1,12}$/u.exec(name)?.[0] ?? '';
	return letters.slice(0, MAX_LENGTH - [...ending].length).join('') + ending;
}

/**
 * Content-Disposition of a download (RFC 6266, RFC 5987): always `attachment`, a plain name and the real one encoded, so
 * that no quote, line end or path in a name reaches the header.
 */
export function attachmentHeader(name: string): string {
	const plain = name.replace(/[^\x20-\x7e]|["%\\/;]/g, '_');
	const encoded = encodeURIComponent(name).replace(
		/['()*]/g,
		(c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`
	);
	return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
