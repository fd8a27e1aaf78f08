import { expect, it } from 'vitest';
import { escaped, jsonForScript } from './html.ts';
import { leadOf, summaryHtml } from './summary-html.ts';
import type { PackFacts } from './pack-facts.ts';

const entry = {
	id: '1',
	kind: 'action' as const,
	at: 61_000,
	until: null,
	title: 'Created task',
	subject: '<img src=x onerror=alert(1)>',
	note: null,
	by: 'Maya',
	pageId: null,
	cause: null
};

const facts: PackFacts = {
	agency: 'Northwind Studio',
	client: 'Bluebird & Sons',
	contact: 'Bea',
	staff: 'Maya',
	mode: 'act',
	reason: 'Support',
	ticket: '812',
	startedAt: Date.UTC(2026, 10, 23, 14, 2, 11),
	endedAt: Date.UTC(2026, 10, 23, 14, 14, 0),
	lengthMs: 709_000,
	endSentence: 'The staff member switched back.',
	watchers: [],
	since: [],
	entries: [entry, { ...entry, id: '2', kind: 'view', title: 'Opened page', subject: '/tasks' }],
	chapters: [],
	madeAt: Date.UTC(2026, 10, 24),
	checkAt: 'http://agency.test/evidence',
	keyFingerprint: 'ab'.repeat(32)
};

it('keeps what people typed as text, in a page and in a script element', () => {
	expect(escaped(`<b a="1" c='2'>&`)).toBe('&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;');
	const hostile = { title: '</script><script>alert(1)</script><!--\u2028' };
	expect(jsonForScript(hostile)).not.toMatch(/[<\u2028]/);
	expect(JSON.parse(jsonForScript(hostile))).toEqual(hostile);
	expect(summaryHtml(facts)).not.toContain('<img');
});

it('says in one sentence who was inside as whom, for how long and why', () => {
	expect(leadOf(facts)).toBe(
		'Maya of Northwind Studio was in the portal of Bluebird & Sons as Bea for 12 minutes, opened 1 page or file and did 1 thing that the log tells. Reason: Support, ticket 812.'
	);
	const page = summaryHtml(facts);
	// Not the copy in the pack, which is whoever's who made it.
	expect(page).toContain('http://agency.test/evidence/key<');
	expect(page).toContain('23 November 2026, 14:02:11 UTC');
	expect(page).toContain('01:01');
	expect(page).toContain("default-src 'none'");
});
