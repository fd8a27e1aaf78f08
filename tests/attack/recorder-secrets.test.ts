// Plants secrets over every way a recorder is known to leak (recording.md §4.8) and looks for them in the very bytes
// that arrive. What people type into ordinary fields must be there, letter by letter.
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT, SOURCE, type Loose } from '#recorder/format/events.ts';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub, until, type RecorderHub } from '#support/recorder-hub.ts';

/** Each secret is found by its number, so that a failure names the way it took. */
const s = (way: string): string => `PLANT-${way}-9f3aX7`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ';

const html = `<!doctype html><html><head><title>Portal ${JWT}</title>
<meta name="csrf-token" content="${s('metacsrf')}"><meta name="site-key" content="${s('metakey')}">
<meta property="og:x" content="${s('metaog')}"><meta name="viewport" content="width=device-width">
<style>.a{background:url("/pic.png?token=${s('cssurl')}")}</style>
<script>window.state="${s('script')}"</script></head><body>
<!-- ${s('comment')} --><noscript>${s('noscript')}</noscript><template>${s('template')}</template>
<div data-recorder-block title="${s('bannertitle')}">${s('banner')}<input value="${s('bannerinput')}"></div>
<form action="/go?access_token=${s('formaction')}">
<input id="pw" type="password" value="${s('pwattr')}"><input id="empty" type="password">
<input id="hid" type="hidden" value="${s('hidden')}"><input name="csrf_token" value="${s('csrffield')}">
<input id="otp" autocomplete="one-time-code" value="${s('otp')}"><input autocomplete="section-a cc-number" value="${s('ccauto')}">
<input autocomplete="new-password" value="${s('newpw')}"><input name="cardNumber" value="${s('cardname')}">
<input name="iban" value="${s('iban')}"><textarea name="api_key">${s('textarea')}</textarea>
<textarea autocomplete="current-password" id="cleared">${s('clearedarea')}</textarea>
<select autocomplete="cc-exp-month" id="exp"><option value="${s('optvalue')}">${s('opttext')}</option></select>
<input id="plain" name="title"><textarea id="note"></textarea></form>
<section data-secret title="${s('areatitle')}" aria-label="${s('arealabel')}" data-state="${s('areadata')}">
${s('areatext')}<img alt="${s('areaalt')}" src="/a.png?x=${s('areasrc')}"><input placeholder="${s('areaholder')}" value="${s('areavalue')}">
<a href="/${s('areahref')}">${s('arealink')}</a><div contenteditable id="edit">${s('areaedit')}</div>
<input type="radio" value="${s('arearadio')}"><button value="${s('areabutton')}">${s('buttontext')}</button></section>
<p data-personal title="${s('persontitle')}">${s('persontext')}</p><input data-personal id="person" value="${s('personvalue')}">
<a id="link" href="/reset?reset_token=${s('href')}&page=2">link</a><img src="http://u:${s('userinfo')}@127.0.0.1/x.png">
<img srcset="/a.png?sig=${s('srcset')} 2x"><a href="/reset/${'a1B2c3D4'.repeat(5)}PLANTpath">path</a>
<div onclick="go('${s('handler')}')" data-auth-token="${s('dataattr')}">handler</div>
<iframe srcdoc="<p>${s('srcdoc')}</p>"></iframe><p id="jwt">Token ${JWT}</p><p id="mirror"></p>
<div id="shadow"></div><p>Invoice 2026-014 over 1,240.00</p>
<script src="/recorder.js"></script><script>
const host=document.getElementById('shadow').attachShadow({mode:'open'});
host.innerHTML='<div data-secret><span id=in>${s('shadowtext')}</span></div><input type=password value="${s('shadowpw')}">';
window.states=[];bundle.startRecorder({ticket:'t1',pageId:'p1',onState(){},onRecording(r){states.push(r)},onEnded(){}});
</script></body></html>`;

let hub: RecorderHub;
let browser: Browser;
let page: Page;
const script = "export { startRecorder } from './recorder/index.ts';";

beforeAll(async () => {
	hub = await startRecorderHub({
		pages: { '/': html },
		scripts: { '/recorder.js': await bundleForBrowser({ source: script }) }
	});
	browser = await launchChromium();
	page = await browser.newPage();
	await page.goto(`${hub.origin}/?code=${s('pageurl')}&tab=open#id_token=${s('pagehash')}`);
	await until('the page is live', () =>
		page.evaluate(() => (globalThis as unknown as { states: string[] }).states.includes('live'))
	);
	await act();
	await page.waitForTimeout(800);
});

afterAll(async () => {
	await browser.close();
	await hub.close();
});

/** Everything people and scripts do to fields after the first picture. */
async function act(): Promise<void> {
	await page.locator('#plain').pressSequentially('Letters', { delay: 15 });
	await page.locator('#note').pressSequentially('note by staff', { delay: 5 });
	await page.locator('#empty').pressSequentially(s('typedpw'), { delay: 2 });
	await page.locator('#otp').fill(s('typedotp'));
	await page.locator('#person').fill(s('typedperson'));
	await page.evaluate(
		(plant) => {
			const get = (id: string) => document.getElementById(id) as HTMLInputElement;
			get('pw').value = '';
			get('pw').type = 'text';
			get('empty').type = 'text';
			get('empty').dispatchEvent(new Event('input', { bubbles: true }));
			get('empty').setAttribute('value', plant.replace('X', 'showpw'));
			get('hid').value = plant.replace('X', 'hiddenset');
			get('cleared').value = '';
			get('edit').textContent = plant.replace('X', 'editset');
			get('mirror').textContent = `You typed ${get('empty').value}`;
			document.querySelector('[data-secret]')?.setAttribute('title', plant.replace('X', 'titleset'));
			get('link').setAttribute('href', `/x?api_key=${plant.replace('X', 'hrefset')}`);
			(document.querySelector('meta[name=csrf-token]') as HTMLMetaElement).content = plant.replace(
				'X',
				'metaset'
			);
			document.body.append(
				Object.assign(document.createElement('input'), {
					type: 'password',
					value: plant.replace('X', 'added')
				})
			);
			const inside = document.getElementById('shadow')?.shadowRoot?.getElementById('in');
			if (inside?.firstChild) inside.firstChild.nodeValue = plant.replace('X', 'shadowset');
			const box = document.createElement('div');
			box.dataset.secret = '';
			box.innerHTML = `<i title="${plant.replace('X', 'boxtitle')}">${plant.replace('X', 'boxtext')}</i>`;
			document.body.append(box);
			const swapped = Object.assign(document.createElement('input'), {
				type: 'text',
				value: get('empty').value
			});
			get('empty').after(swapped);
			history.pushState(null, '', `/?invite=${plant.replace('X', 'pushed')}`);
			document.title = `Done ${plant.replace('X', '')}`.replace(/PLANT\S*/, '');
		},
		s('X').replace('-9f3aX7', '-9f3a7')
	);
}

describe('the bytes that leave a recorded page', () => {
	it('hold none of the planted secrets', () => {
		const found = [...new Set(hub.text().match(/PLANT-?\w*/g))];
		expect(found).toEqual([]);
		expect(hub.text()).not.toContain('eyJhbGci');
	});
	it('hold what was typed into ordinary fields, letter by letter', () => {
		const typed = hub.eventsOf('t1').flatMap(({ type, data }) => {
			const it = data as Loose;
			return type === EVENT.incremental && it.source === SOURCE.input ? [String(it.text)] : [];
		});
		for (const text of ['L', 'Le', 'Lett', 'Letters', 'note by staff']) expect(typed).toContain(text);
	});
	it('hold the ordinary content of the page', () => {
		expect(hub.text()).toContain('Invoice 2026-014 over 1,240.00');
		expect(hub.text()).toContain('page=2');
	});
	it('hold personal fields as stars of the same length', () => {
		expect(hub.text()).toContain('*'.repeat(s('personvalue').length));
	});
	it('tell where the page is, without the secrets in its address', () => {
		expect(hub.wheres.map(({ address }) => address).join()).toMatch(/tab=open/);
	});
});
