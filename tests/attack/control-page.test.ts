// What control reaches in a page and what it never does, in a real browser.
import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ControlAnswer, ControlDeed } from '#protocol/control.ts';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';

declare const window: {
	heard: string[];
	backs: number;
	next: number;
	obey(order: { seq: number; deed: ControlDeed }): ControlAnswer;
} & typeof globalThis;

/** An element's id is its number for the holder, too. */
const PAGE = `<!doctype html><html><body style="margin:0">
<div class="banner" data-recorder-block><button id="n1" aria-keyshortcuts="Escape">Take back</button></div>
<form action="/switch-back" onsubmit="heard.push('out');return false"><button id="n2">Leave</button></form>
<a id="n3" href="/impersonation/mode">Mode</a>
<form id="form" onsubmit="heard.push('submit '+new FormData(this).get('title'));return false">
<label id="n4" for="n5">Title</label><input id="n5" name="title" maxlength="12"><textarea id="n6"></textarea>
<select id="n7"><option>a<option>b<option disabled>c</select>
<input id="n8" type="password"><input id="n9" type="file"><label id="n10" for="n9">File</label>
<input id="n11" name="card_number"><span data-personal><button id="n12" type="button">Mine</button></span>
<div data-secret><button id="n13" type="button">Secret</button></div>
<input id="n14" type="checkbox"><button id="n15" type="button"><span id="n16">Go</span></button><input id="n17" readonly value="x">
</form>
<div style="position:relative"><button id="n18">Under</button><div id="n19" style="position:absolute;inset:0">Over</div></div>
<div id="n20" style="height:50px;overflow:auto"><div style="height:900px">Long</div></div>
<script>heard=[];
for(const type of ['pointerdown','mousedown','focusin','mouseup','click','input','change','beforeinput'])
document.addEventListener(type,(e)=>heard.push(type+' '+(e.target.id||e.target.tagName)+(e.inputType?' '+e.inputType:'')));</script>
</body></html>`;

let browser: Browser;
let page: Page;
let script: string;

beforeAll(async () => {
	const source = `export { openControl } from './recorder/control/open-control.ts';
		export { holdStill } from './recorder/control/hold-still.ts';`;
	[script, browser] = await Promise.all([bundleForBrowser({ source, plugins: [] }), launchChromium()]);
});
afterAll(() => browser.close());
beforeEach(async () => {
	page = await browser.newPage();
	await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: PAGE }));
	await page.goto('http://portal.test/tasks');
	await page.addScriptTag({ content: script });
	await page.evaluate(() => {
		Object.assign(window, { next: 10, backs: 0 });
		type Parts = typeof import('#recorder/control/open-control.ts') &
			typeof import('#recorder/control/hold-still.ts');
		const { openControl, holdStill } = (window as unknown as { bundle: Parts }).bundle;
		holdStill(() => window.backs++);
		const control = openControl({
			nodeOf: (id) => document.querySelector(`#n${id}`),
			next: () => window.next
		});
		window.obey = (order) => control.obey({ id: '', impersonationId: '', pageId: '', ...order });
	});
});
afterEach(() => page.close());

const obey = (deed: ControlDeed, seq = 9): Promise<ControlAnswer> =>
	page.evaluate((order) => window.obey(order), { deed, seq });
const click = (node: number, seq = 9) => obey({ kind: 'click', node, x: 0.5, y: 0.5 }, seq);
const type = (text: string) => obey({ kind: 'type', text });
const key = (name: Extract<ControlDeed, { kind: 'key' }>['key']) => obey({ kind: 'key', key: name });
const heard = () => page.evaluate(() => window.heard.splice(0));
const valueOf = (node: number) => page.locator(`#n${node}`).inputValue();

describe('control never reaches', () => {
	it('the banner, ways out, secrets, what is masked, files, and what is covered or gone', async () => {
		const places = [
			['the banner', 1, 'blocked'],
			['a way back that a page has elsewhere', 2, 'blocked'],
			['the mode', 3, 'blocked'],
			['a password', 8, 'secret'],
			['the field of a card', 11, 'secret'],
			['what is secret', 13, 'secret'],
			['what is personal', 12, 'personal'],
			['a file', 9, 'file'],
			['the label of a file', 10, 'file'],
			['what lies under something else', 18, 'covered'],
			['what is not there', 99, 'gone']
		] as const;
		for (const [what, node, answer] of places) expect(await click(node), what).toBe(answer);
		expect(await heard()).toEqual([]);
	});

	it('a secret by the keyboard, and the banner by Tab', async () => {
		await page.evaluate(() => document.getElementById('n8')?.focus());
		expect(await type('x')).toBe('secret');
		expect(await key('Enter')).toBe('secret');
		await page.evaluate(() => (document.activeElement as HTMLElement).blur());
		for (let n = 0; n < 20; n++) await key('Tab');
		await heard();
		const focused = await page.evaluate(
			() => document.activeElement?.closest('[data-recorder-block]') ?? null
		);
		expect(focused).toBeNull();
	});

	it('what changed since the holder saw it, nor by a number that was never sent', async () => {
		expect(await click(15, 10)).toBe('stale');
		await page.evaluate(async () => {
			document.getElementById('n16')!.textContent = 'Delete all';
			await Promise.resolve();
			window.next++;
		});
		expect(await click(15, 9)).toBe('stale');
		expect(await click(14, 9)).toBe('done');
		expect(await click(15, 10)).toBe('done');
	});

	it('a field that the focus went to unseen by the holder: what they type is meant for the other', async () => {
		await click(5);
		expect(await type('a')).toBe('done');
		await page.evaluate(() => document.getElementById('n6')?.focus());
		expect(await type('b')).toBe('stale');
		expect(await key('Enter')).toBe('stale');
		expect(await valueOf(6)).toBe('');
		// Once their screen shows it, or they clicked there themselves, it is what they mean.
		await page.evaluate(() => window.next++);
		expect(await obey({ kind: 'type', text: 'c' }, 10)).toBe('done');
		await page.evaluate(() => document.getElementById('n5')?.focus());
		await click(5, 10);
		expect(await obey({ kind: 'type', text: 'd' }, 10)).toBe('done');
		await page.evaluate(() => document.getElementById('n7')?.focus());
		expect(await obey({ kind: 'select', node: 7, index: 0 }, 10)).toBe('done');
		expect(await obey({ kind: 'key', key: 'ArrowDown' }, 10)).toBe('done');
		expect(await valueOf(7)).toBe('b');
	});

	it('a way out by Enter', async () => {
		await page.evaluate(() => document.getElementById('n2')?.focus());
		expect(await key('Enter')).toBe('blocked');
		expect(await heard()).not.toContain('out');
	});
});

describe('control does what a hand does', () => {
	it('a click comes with all that a page hears of one, and takes the focus', async () => {
		expect(await click(16)).toBe('done');
		expect(await heard()).toEqual([
			'pointerdown n16',
			'mousedown n16',
			'focusin n15',
			'mouseup n16',
			'click n16'
		]);
		await click(14);
		expect(await page.locator('#n14').isChecked()).toBe(true);
	});

	it('text comes as typed, no longer than the field takes, and is told as changed once it is left', async () => {
		await click(4);
		await type('Hello');
		await type(' wide world');
		await key('Backspace');
		expect(await valueOf(5)).toBe('Hello wide w'.slice(0, 11));
		expect(await heard()).toContain('input n5 deleteContentBackward');
		await click(6);
		expect(await heard()).toContain('change n5');
		await type('a');
		await key('Enter');
		await type('b');
		expect(await valueOf(6)).toBe('a\nb');
		await click(17);
		expect(await type('y')).toBe('nowhere');
	});

	it('Enter sends the form, a list is chosen from, and what scrolls is scrolled', async () => {
		await click(5);
		await type('Task');
		await key('Enter');
		expect(await heard()).toContain('submit Task');
		expect(await obey({ kind: 'select', node: 7, index: 1 })).toBe('done');
		expect(await obey({ kind: 'select', node: 7, index: 2 })).toBe('nowhere');
		expect(await valueOf(7)).toBe('b');
		expect(await page.evaluate(() => document.activeElement?.id)).toBe('n7');
		expect(await obey({ kind: 'scroll', node: 20, dx: 0, dy: 120 })).toBe('done');
		expect(await page.evaluate(() => document.getElementById('n20')?.scrollTop)).toBe(120);
	});
});

it('whoever sits before the page keeps still: only the banner hears them, and Escape takes control back', async () => {
	await page.mouse.click(...(await middleOf('#n15')));
	await page.locator('#n5').focus();
	await page.keyboard.type('mine');
	expect(await valueOf(5)).toBe('');
	await page.mouse.click(...(await middleOf('#n1')));
	expect((await heard()).filter((event) => event.startsWith('click'))).toEqual(['click n1']);
	await page.locator('#n5').focus();
	await page.keyboard.press('Tab');
	expect(await page.evaluate(() => document.activeElement?.id)).toBe('n1');
	await page.keyboard.press('Escape');
	expect(await page.evaluate(() => window.backs)).toBe(1);
});

async function middleOf(selector: string): Promise<[number, number]> {
	const box = await page.locator(selector).boundingBox();
	if (!box) throw new Error(`${selector} is nowhere`);
	return [box.x + box.width / 2, box.y + box.height / 2];
}
