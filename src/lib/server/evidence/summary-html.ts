// The page of a pack that people read first: who was inside as whom, when and why, what was done and looked at, what is not recorded,
// and how to check all of it. Without script, and allowed to load nothing.
import { clockText, type TimelineEntry } from '#domain/timeline.ts';
import { escaped } from './html.ts';
import type { PackFacts } from './pack-facts.ts';

const LOOKS = `:root{color-scheme:light dark;--line:light-dark(#e3e3e0,#38383b);--soft:light-dark(#5d5d63,#a5a5ad);--card:light-dark(#fff,#1d1d20)}
body{margin:0;background:light-dark(#f6f6f4,#141416);color:light-dark(#1b1b1f,#ececef);font:15px/1.55 system-ui,sans-serif}
main{max-width:880px;margin:0 auto;padding:40px 20px 72px}h1{font-size:26px;line-height:1.25;margin:0 0 12px;text-wrap:balance}
h2{font-size:17px;margin:36px 0 10px}.lead{font-size:17px;margin:0 0 24px;max-width:65ch}p{max-width:70ch}
dl{display:grid;grid-template-columns:max-content 1fr;gap:8px 20px;margin:0;padding:18px 20px;background:var(--card);border:1px solid var(--line);border-radius:10px}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}.wrap{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:500;color:var(--soft)}th,td{padding:7px 14px;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}.note{color:var(--soft)}
.refused{display:inline-block;border:1px solid currentColor;border-radius:4px;padding:0 5px;font-size:12px}
code{font:13px/1.5 ui-monospace,monospace;overflow-wrap:anywhere}.empty{color:var(--soft);margin:0}
@media(max-width:560px){main{padding:24px 14px 48px}dl{grid-template-columns:1fr;gap:2px 0}dd{margin-bottom:8px}}@media print{body{background:none}main{padding:0}}`;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = 'January February March April May June July August September October November December'.split(
	' '
);

/** "23 November 2026, 14:02:11 UTC": one zone, said each time, for whoever reads it wherever. */
function momentText(ms: number): string {
	const at = new Date(ms);
	const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':');
	return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${clock} UTC`;
}

const counted = (count: number, one: string, many = `${one}s`): string =>
	`${count} ${count === 1 ? one : many}`;

/** The impersonation's own steps: comings, modes, the end. */
const done = ({ entries }: PackFacts): TimelineEntry[] => entries.filter(({ kind }) => kind === 'action');
const opened = ({ entries }: PackFacts): TimelineEntry[] => entries.filter(({ kind }) => kind === 'view');

/** "Maya Stone was inside as Bea Morgan of Bluebird Bakery for 12 minutes, opened 3 pages and changed nothing." */
export function leadOf(facts: PackFacts): string {
	const minutes = Math.max(1, Math.round(facts.lengthMs / 60_000));
	const places = new Set(opened(facts).map(({ subject }) => subject)).size;
	const changes = done(facts).length;
	const did = changes === 0 ? 'changed nothing' : `did ${counted(changes, 'thing')} that the log tells`;
	const because = `${facts.reason}${facts.ticket ? `, ticket ${facts.ticket}` : ''}`;
	return `${facts.staff} of ${facts.agency} was in the portal of ${facts.client} as ${facts.contact} for ${counted(minutes, 'minute')}, opened ${counted(places, 'page or file', 'pages or files')} and ${did}. Reason: ${because}.`;
}

const row = (...cells: string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

function table(heads: string[], rows: string[], empty: string): string {
	if (rows.length === 0) return `<p class="empty">${escaped(empty)}</p>`;
	const head = heads.map((title) => `<th scope="col">${escaped(title)}</th>`).join('');
	return `<div class="wrap"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const entryRow = ({ at, kind, title, subject, note, by }: TimelineEntry): string => {
	const refused = kind === 'refusal' ? '<span class="refused">Refused</span> ' : '';
	const more = note ? `<br><span class="note">${escaped(note)}</span>` : '';
	return row(
		clockText(at),
		`${refused}${escaped(title)}${subject ? ` ${escaped(subject)}` : ''}${more}`,
		escaped(by ?? '')
	);
};

const gapRow = ({ at, until, title, note }: TimelineEntry): string =>
	row(`${clockText(at)} to ${clockText(until ?? at)}`, escaped(title), escaped(note ?? ''));

function factsList(facts: PackFacts): string {
	const watched = [...new Set(facts.watchers.map(({ name }) => name))].join(', ') || 'Nobody';
	const lines: [string, string][] = [
		['Staff member', `${facts.staff}, ${facts.agency}`],
		['Inside as', `${facts.contact}, ${facts.client}`],
		['From', momentText(facts.startedAt)],
		['Until', momentText(facts.endedAt)],
		['Ended', facts.endSentence],
		['Mode at the end', facts.mode === 'act' ? 'Act' : 'View only'],
		['Reason', facts.reason],
		['Ticket', facts.ticket ?? 'None'],
		['Watched by', watched],
		['Pack made', momentText(facts.madeAt)]
	];
	return `<dl>${lines.map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`;
}

const CHECKS = ({ keyFingerprint, checkAt }: PackFacts): string => `
<p>Open <code>player.html</code> in a browser to see the recording; it needs no network. To check the pack, get the verifier and the key from the agency itself, not from here, and run it with Node 20 or newer beside the file as you got it:</p>
<p><code>${escaped(checkAt)}/verifier</code>, kept as <code>verify.mjs</code><br><code>${escaped(checkAt)}/key</code>, kept as <code>key.pem</code></p>
<p><code>node verify.mjs PACK.zip key.pem</code></p>
<p>It checks that every member is there, in its order and unchanged; that each row of the log is what was hashed and leads, row by row, to a head that the agency’s installation signed; that no action and no view counted at the end is left out, unless it says so; and that the recorded batches in here are those that were hashed as they came. What was recorded and was lost or erased before this pack was made is not in it: the verifier names what it can tell. The pack was signed by the key</p>
<p><code>${escaped(keyFingerprint)}</code></p>
<p>Compare this number with the one the agency names by another way: a pack can prove that it is one piece, never by itself whose it is; nor that the agency, whose key it is, told all. Rows of other clients lie between these in the log; the pack tells them by their hashes alone, as it does the words of what the agency did with the recording afterwards and of what its people wrote to each other. What was masked when it was recorded stays masked here.</p>`;

/** The whole page. */
export function summaryHtml(facts: PackFacts): string {
	const { entries } = facts;
	const acts = entries.filter(
		({ kind }) =>
			kind === 'action' || kind === 'refusal' || kind === 'steer' || kind === 'watch' || kind === 'chat'
	);
	const gaps = entries.filter(({ kind, cause }) => kind === 'gap' && cause !== 'silent');
	const title = `Evidence: ${facts.staff} as ${facts.contact}, ${facts.client}`;
	const since = facts.since.map(({ at, title: what, by }) =>
		row(momentText(at), escaped(what), escaped(by ?? 'Switchback'))
	);
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><style>${LOOKS}</style></head>
<body><main><h1>${escaped(title)}</h1><p class="lead">${escaped(leadOf(facts))}</p>${factsList(facts)}
<h2>What was done</h2>${table(['Since start', 'What', 'Who'], acts.map(entryRow), 'Nothing was done.')}
<h2>What was opened</h2>${table(['Since start', 'What', 'Who'], opened(facts).map(entryRow), 'Nothing was opened.')}
<h2>What is not recorded</h2>${table(['Since start', 'What', 'Why'], gaps.map(gapRow), 'There are pictures of the whole time.')}
<h2>What was done to the recording since</h2>${table(['When', 'What', 'Who'], since, 'Nobody opened it before this pack was made.')}
<h2>How to check it</h2>${CHECKS(facts)}
</main></body></html>
`;
}
