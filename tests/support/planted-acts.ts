// What people and scripts do on the planted page after its first picture: typing, pasting, toggling, moving, mirroring.
import type { Page } from '@playwright/test';
import { planted } from './planted-page.ts';

/** Typed into an ordinary field. */
export const TYPED = 'TYP-plain-typed';

/** Types as a person does. Returns once all of it is done. */
export async function actAsPerson(page: Page): Promise<void> {
	// Short words: each letter is a round trip to the browser.
	const type = (id: string, text: string): Promise<void> => page.locator(id).pressSequentially(text);
	await type('#plain', TYPED);
	await type('#note', 'TYP-note1');
	await type('#rich', 'TYP-rich1');
	await type('#person', 'PER-typed');
	await type('#toggled', 'SEC-toggled1');
	await page.locator('#toggled').evaluate((field) => field.setAttribute('type', 'text'));
	await type('#toggled', 'SEC-shown1');
	await type('#swapped', 'SEC-swap1');
	await page.locator('#swapped').evaluate((field) => {
		const shown = Object.assign(document.createElement('input'), { name: 'login', id: 'shown' });
		shown.value = (field as HTMLInputElement).value;
		field.replaceWith(shown);
	});
	await type('#shown', 'SEC-after1');
	await type('#mirrored', 'SEC-mirrored1');
	await type('#cleared', 'SEC-cleared1');
	await page.locator('#file').setInputFiles({
		name: `${planted('SEC', 'file name')}.pem`,
		mimeType: 'text/plain',
		buffer: Buffer.from('x')
	});
	await page.mouse.move(viewportOf(page).width - 60, 20, { steps: 3 });
	await page.mouse.move(viewportOf(page).width - 40, viewportOf(page).height - 40, { steps: 12 });
	await page.mouse.click(viewportOf(page).width - 40, viewportOf(page).height - 40);
	await page.locator('#rich').focus();
	await page.keyboard.insertText(planted('TYP', 'pasted'));
	await page.locator('#box').check();
	await page.locator('#leaver').dblclick({ force: true });
}

const viewportOf = (page: Page) => page.viewportSize() ?? { width: 0, height: 0 };

/** What scripts do, all in one turn after another. */
export async function actAsScript(page: Page): Promise<void> {
	await page.evaluate(changeByScript, {
		secret: planted('SEC', 'WAY'),
		personal: planted('PER', 'WAY'),
		text: planted('TXT', 'WAY')
	});
	await page.evaluate(mirrorByScript, planted('SEC', 'WAY'));
}

function changeByScript({ secret, personal, text }: Record<'secret' | 'personal' | 'text', string>): void {
	const word = (of: string, way: string): string => of.replace('WAY', way);
	const get = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;
	let field = 0;
	for (const input of document.querySelectorAll<HTMLInputElement>('.typed-secret')) {
		input.value = word(secret, `set${field++}`);
		input.dispatchEvent(new Event('input', { bubbles: true }));
		input.setAttribute('value', word(secret, `setattr${field}`));
		if (field % 3 === 0) input.removeAttribute('autocomplete');
		if (field % 3 === 0) input.value = word(secret, `afterunmark${field}`);
	}
	for (const id of ['secret', 'personal', 'text']) {
		const of = { secret, personal, text }[id] ?? '';
		const area = get(id);
		area.title = word(of, 'areatitleset');
		area.querySelector('p')!.textContent = word(of, 'textset');
		area.querySelector('h3')!.firstChild!.nodeValue = word(of, 'charset');
		area.querySelector('img')!.alt = word(of, 'altset');
		area.querySelector('i')!.setAttribute('title', word(of, 'titleset'));
		area.querySelector('i')!.style.setProperty('--note', `"${word(of, 'styleset')}"`);
		area.insertAdjacentHTML('beforeend', `<p title="${word(of, 'addedtitle')}">${word(of, 'added')}</p>`);
		const host = area.appendChild(document.createElement('div'));
		host.attachShadow({ mode: 'open' }).innerHTML = `<p>${word(of, 'lateshadow')}</p>`;
		host.shadowRoot!.querySelector('p')!.append(word(of, 'lateshadowset'));
		const late = document.body.appendChild(area.cloneNode(true)) as HTMLElement;
		late.querySelector('p')!.textContent = word(of, 'cloneset');
	}
	get('cleared').value = '';
	get('host').attachShadow({ mode: 'open' }).innerHTML =
		`<input type="password" value="${word(secret, 'shadowpw')}"><p data-secret>${word(secret, 'shadowarea')}</p>`;
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(
		`.d{background:url("/k.png?token=${word(secret, 'adopted')}")} .e::after{content:"${word(text, 'adoptedcontent')}"}`
	);
	document.adoptedStyleSheets = [sheet];
	document.styleSheets[0]?.insertRule(`.f{background:url("/k.png?api_key=${word(secret, 'inserted')}")}`);
	history.pushState(
		null,
		'',
		`/?reset_token=${word(secret, 'pushed')}&q=${word(text, 'pushedquery').replace('TXT', 'TYP')}#id_token=${word(secret, 'pushedhash')}`
	);
	document.querySelector('meta')!.content = word(secret, 'metaset');
	document.title = word(text, 'titleafter');
}

function mirrorByScript(secret: string): void {
	const word = (way: string): string => secret.replace('WAY', way);
	const get = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;
	const typed = get('mirrored').value;
	get('mirror').textContent = `You typed ${typed}`;
	get('mirror').title = encodeURIComponent(typed);
	get('second').value = typed;
	get('second').value = `${typed}${word('aftermirror')}`;
	document.title = `Hello ${typed}`;
	document.body.append(get('mover'), get('leaver'));
	get('mover').append(word('appendedtomoved'));
	const [, code = ''] = /code (\S+)/.exec(get('later').textContent ?? '') ?? [];
	document.body.append(`Your ${code} again`);
	get('later').removeAttribute('data-secret');
	get('later').append(word('afterunmarkedarea'));
	const card = '4929 1234 5678 9015';
	document.body.append(`Card ${card}`);
}

/** Things go wrong on the page, and whoever wrote the messages did not think of who reads them. */
export async function failAsScript(page: Page): Promise<void> {
	await page.evaluate(failByScript, { secret: planted('SEC', 'WAY'), text: planted('TXT', 'WAY') });
}

async function failByScript({ secret, text }: Record<'secret' | 'text', string>): Promise<void> {
	const word = (way: string): string => secret.replace('WAY', way);
	const valueOf = (id: string): string => (document.getElementById(id) as HTMLInputElement).value;
	const personal = document.querySelector('#personal td')?.textContent ?? '';
	console.error(`Saving failed: password=${word('consolepair')}`, { token: word('consoleobject') });
	console.error(new Error(`No such user ${valueOf('mirrored')}, ${personal}, ${valueOf('person')}`));
	console.error(`Not a name: ${valueOf('plain')}`, text.replace('WAY', 'console'));
	setTimeout(() => {
		throw new TypeError(`Refused with api_key=${word('uncaught')} and ${valueOf('mirrored')}`);
	});
	void Promise.reject(new TypeError(`Rejected token=${word('rejected')} of ${personal}`));
	const headers = { 'x-api-key': word('header') };
	await fetch(`/failed/by-fetch?token=${word('query')}&q=${valueOf('plain')}#${word('hash')}`);
	await fetch('/failed/with-body', { method: 'post', body: word('body'), headers });
	const request = new XMLHttpRequest();
	await new Promise((resolve) => {
		request.open(
			'put',
			`/failed/by-xhr?session=${word('xhrquery')}&note=${encodeURIComponent(valueOf('mirrored'))}`
		);
		request.setRequestHeader('x-api-key', word('xhrheader'));
		request.addEventListener('loadend', resolve);
		request.send(word('xhrbody'));
	});
}
