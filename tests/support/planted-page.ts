// A page full of planted words, each by another way on which a recorder is known to leak (recording.md §4.8), and what
// people and scripts then do on it. A word says by its mark who may see it, and by its name the way it took:
// SEC never leaves · PER only as cipher text · TYP only where typing is recorded · TXT only where text is · PUB always.

export const MARKS = ['SEC', 'PER', 'TYP', 'TXT', 'PUB'] as const;
export type Mark = (typeof MARKS)[number];

const TAIL = '9f3aX7';
/** A planted word. */
export const planted = (mark: Mark, way: string): string => `${mark}-${way.replace(/\W/g, '')}-${TAIL}`;

/** Every word found in a text, without doubles. */
export const found = (text: string, mark: Mark): string[] => [
	...new Set(text.match(new RegExp(`${mark}-\\w+`, 'g')))
];

const words = (text: string): string[] => text.trim().split(/\s+/);

const SECRET_NAMES =
	words(`csrf_token authToken api_key apiKey client_secret access_token refresh-token sessionid otp userPin
	passcode passphrase cvv cvc card_number cardNumber cc-num iban bic swift sort-code routing account_number ssn tan
	recovery-code totp mfa private_key signature credentials new_password pwd X-Api-Key jwt saml`);
const AUTOCOMPLETE = [
	...words('current-password new-password one-time-code cc-number cc-csc cc-exp cc-name'),
	'section-a billing cc-number',
	'shipping one-time-code'
];
const PARAMETERS =
	words(`token access_token id_token code state apiKey api_key key sig signature session sid secret password
	reset_token invite magic X-Amz-Signature auth ticket otp nonce`);
const META = [
	'csrf-token',
	'site-key',
	'api-key',
	'google-site-verification',
	'author',
	'description',
	'app-config'
];
const STATE_NAMES = [
	'data-auth-token',
	'data-csrf',
	'data-api-key',
	'data-session-id',
	'hx-headers',
	'x-token'
];
const INPUT_TYPES = ['text', 'search', 'email', 'tel', 'url', 'password'];

/** Markup that says a word in each way an element can; `w` makes the word for a way. */
function saying(w: (way: string) => string): string {
	const attributes = [
		'title',
		'aria-label',
		'aria-description',
		'aria-roledescription',
		'aria-valuetext',
		'data-note'
	];
	const inputs = INPUT_TYPES.map(
		(type) => `<input type="${type}" value="${w(`input ${type}`)}" placeholder="${w(`holder ${type}`)}">`
	);
	return [
		`<p>${w('text')}</p><h3>${w('heading')}</h3><li>${w('item')}</li><pre>${w('pre')}</pre><output>${w('output')}</output>`,
		`<table><caption>${w('caption')}</caption><tr><th abbr="${w('abbr')}">${w('th')}</th><td>${w('td')}</td></tr></table>`,
		...attributes.map((name) => `<i ${name}="${w(name)}">·</i>`),
		`<img alt="${w('alt')}" src="/a.png?note=${w('src query')}" srcset="/b.png?note=${w('srcset')} 2x">`,
		`<a href="/go?note=${w('href query')}#${w('href hash')}">${w('link')}</a><a href="mailto:${w('mailto')}@x.test">·</a>`,
		`<button name="b" value="${w('button value')}">${w('button')}</button><input type="submit" value="${w('submit')}">`,
		`<input type="checkbox" value="${w('checkbox')}" checked><input type="radio" value="${w('radio')}">`,
		...inputs,
		`<textarea placeholder="${w('area holder')}">${w('textarea')}</textarea>`,
		`<select><optgroup label="${w('optgroup')}"><option value="${w('option value')}" selected>${w('option')}</option></optgroup></select>`,
		`<div contenteditable>${w('editable')}<b>${w('editable bold')}</b></div><div role="textbox">${w('role textbox')}</div>`,
		`<details><summary>${w('summary')}</summary>${w('details')}</details><dialog open>${w('dialog')}</dialog>`,
		`<div popover>${w('popover')}</div><fieldset><legend>${w('legend')}</legend></fieldset><label>${w('label')}</label>`,
		`<svg><title>${w('svg title')}</title><desc>${w('svg desc')}</desc><text>${w('svg text')}</text></svg>`,
		`<math><mtext>${w('math')}</mtext></math><ruby>a<rt>${w('ruby')}</rt></ruby><progress>${w('progress')}</progress>`,
		`<i style="--note:'${w('custom property')}'">·</i><i style="background:url(/p.png?note=${w('style url')})">·</i>`,
		`<i class="before:content-['${w('class content')}']">·</i><video poster="/v.png?note=${w('poster')}"></video>`,
		`<blockquote cite="/q?note=${w('cite')}">·</blockquote><form action="/f?note=${w('action')}">·</form>`,
		`<div><template shadowrootmode="open"><p title="${w('shadow title')}">${w('shadow text')}</p></template></div>`
	].join('\n');
}

/** Never recorded whatever it says: running, framing and unseen things. */
const unseen = (
	w: (way: string) => string
): string => `<!-- ${w('comment')} --><noscript>${w('noscript')}</noscript>
	<template><p>${w('template')}</p></template><script>window.x="${w('script')}"</script>
	<script type="application/ld+json">{"x":"${w('ld json')}"}</script><i onclick="go('${w('handler')}')">·</i>
	<iframe srcdoc="<p>${w('srcdoc')}</p>" title="${w('frame title')}"></iframe><object data="/o?x=${w('object')}">${w('object text')}</object>
	<div data-recorder-block title="${w('block title')}">${w('block text')}<input value="${w('block input')}"></div>`;

const s = (way: string): string => planted('SEC', way);

const secretFields = (): string =>
	[
		...SECRET_NAMES.flatMap((name) => [
			`<input name="${name}" value="${s(`name ${name}`)}"><input id="t-${name}" name="${name}" class="typed-secret">`,
			`<textarea id="${name}">${s(`area ${name}`)}</textarea><select name="${name}"><option>${s(`option ${name}`)}</option></select>`,
			`<input type="hidden" name="h-${name}" value="${s(`hidden ${name}`)}">`
		]),
		...AUTOCOMPLETE.flatMap((way, at) => [
			`<input autocomplete="${way}" value="${s(`auto ${way}`)}"><input autocomplete="${way}" id="a-${at}" class="typed-secret">`
		]),
		`<input type="file" name="private_key_file" id="file"><input style="-webkit-text-security:disc" value="${s('dots')}">`,
		`<input type="password" list="saved" id="listed"><datalist id="saved"><option value="${s('datalist')}"></datalist>`,
		`<input type="password" id="toggled"><input type="password" id="swapped" name="login"><input type="password" id="cleared" value="${s('cleared')}">`,
		`<input type="password" id="mirrored"><p id="mirror"></p><input id="second">`
	].join('\n');

const addresses = (): string =>
	PARAMETERS.map(
		(
			name
		) => `<a href="/go?${name}=${s(`href ${name}`)}&page=2">·</a><img src="/i.png?a=1&${name}=${s(`src ${name}`)}">
	<img srcset="/s.png?${name}=${s(`srcset ${name}`)} 2x"><a href="/#${name}=${s(`hash ${name}`)}">·</a>
	<i style="background:url('/b.png?${name}=${s(`style ${name}`)}')">·</i><i title="see /x?${name}=${s(`title ${name}`)}">·</i>
	<p>Open https://x.test/?${name}=${s(`text ${name}`)} now</p><i data-props='{"${name}Token":"${s(`json ${name}`)}"}'>·</i>`
	).join('\n');

const head = (): string =>
	[
		...META.map((name) => `<meta name="${name}" content="${s(`meta ${name}`)}">`),
		`<meta property="og:token" content="${s('og')}"><meta name="viewport" content="width=device-width">`,
		`<link rel="preload" as="image" href="/l.png?token=${s('preload')}">`,
		`<style>.a{background:url("/c.png?token=${s('sheet url')}")} .b::after{content:"${planted('TXT', 'css content')}"}</style>`,
		`<style data-secret>.c::after{content:"${s('secret sheet')}"}</style>`
	].join('\n');

/** The page; `start` is the script that starts the recorder. */
export const plantedPage = (start: string): string => `<!doctype html><html><head>
<title>${planted('TXT', 'document title')}</title>${head()}</head><body>
<main id="text">${saying((way) => planted('TXT', way)).replace(/TXT-(input|textarea|editable|roletextbox)/g, 'TYP-$1')}</main>
<div id="pad" data-secret style="position:fixed;right:0;bottom:0;width:90px;height:90px;z-index:9"><button>1</button></div>
<section id="secret" data-secret>${saying(s)}</section><section id="personal" data-personal>${saying((way) => planted('PER', way))}
<p data-public>${planted('PER', 'public within personal')}</p><b id="leaver">${planted('PER', 'moved out')}</b></section>
<section data-public><p id="public">${planted('PUB', 'text')}</p><i title="${planted('PUB', 'title')}">·</i>
<input value="${planted('TYP', 'field in public')}"><p data-secret>${s('secret in public')}</p><p data-personal>${planted('PER', 'in public')}</p></section>
<section id="later" data-secret><b id="mover">${s('moved out')}</b><i>code ${s('mirrored code')}1</i></section>
<i ${STATE_NAMES.map((name) => `${name}="${s(name)}"`).join(' ')}>·</i><a href="https://u:${s('userinfo')}@x.test/">·</a>
${unseen(s)}${secretFields()}${addresses()}<div id="host"></div>
<input id="plain"><textarea id="note"></textarea><div id="rich" contenteditable></div><input data-personal id="person">
<input type="checkbox" id="box"><script src="/recorder.js"></script><script>${start}</script></body></html>`;
