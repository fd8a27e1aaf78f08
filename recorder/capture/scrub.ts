// Takes credentials out of addresses and text by their look and by the name of their parameter. Used on everything that
// leaves the page, where the sanitizer cannot know from the element alone that a value is secret.

/** What stands in place of a secret; one length for all, since a length is a hint. */
export const HIDDEN = '••••••••';

/** Parameters whose value lets somebody in, by the words their names are made of. */
const SECRET_NAME =
	/(?:^|[-_.[])(?:access|api|auth|authorization|bearer|cred|credential|credentials|csrf|cvc|cvv|jwt|key|nonce|otp|pass|passcode|password|passwd|pin|pwd|saml|samlresponse|secret|session|sessionid|sid|sig|signature|ticket|token|xsrf)(?=$|[-_.\]])/i;
const SECRET_NAME_GLUED =
	/(?:token|secret|passw|apikey|accesskey|privatekey|sessionid|jsessionid|signature|credential|csrf|xsrf|authcode|assertion)/i;
/** Too common a word to be one anywhere but in an address (`?code=` of a sign-in, `?state=`, `#invite=`). */
const SECRET_PARAMETER = /^(?:code|state|invite|reset|magic|verify|confirm|hash|link|t|k)$/i;

/** True when a field, attribute or parameter of this name holds something secret. */
export function isSecretName(name: string): boolean {
	const words = name.replace(/([a-z\d])([A-Z])/g, '$1-$2');
	return SECRET_NAME.test(words) || SECRET_NAME_GLUED.test(name);
}

/** Credentials that show by themselves: JWT (its head, whose length is bounded so that a hostile text costs little), well-known key prefixes, bearer headers, private keys. */
const LOOKS_SECRET = new RegExp(
	[
		String.raw`\beyJ[\w-]{8,4000}\.[\w-]{8,}(?:\.[\w-]*)?`,
		String.raw`\b(?:sk|pk|rk|whsec|ghp|gho|ghu|ghs|github_pat|glpat|xox[abprs]|shpat|npm|SG)[-_.][\w.-]{16,}`,
		String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
		String.raw`\b(?:Bearer|Basic)\s+[\w+/=.~-]{16,}`,
		String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END|$)`
	].join('|'),
	'g'
);

/** Parameters of addresses that stand anywhere in a text: `?token=abc`, `#access_token=abc`. */
const PARAMETER = /([?&#;])([\w.[\]%-]{1,60})=([^&#;\s"'<>)\\]+)/g;

/** Path segments no person would type: long, letters and digits mixed, and not one of our own UUIDs. */
const TOKEN_SEGMENT = /(?<=\/)(?=[^/?#\s]*\d)(?=[^/?#\s]*[A-Za-z])[\w~.=-]{32,}(?=$|[/?#\s"')])/g;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** True for a value that is a random token rather than a word: long, one run, letters and digits mixed. */
function isTokenLike(value: string): boolean {
	if (UUID.test(value) || value.length < 24) return false;
	return /^[\w~.%+/=-]+$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value);
}

/** A card's number as people write it, wherever they write it. */
const CARD = /(?<![\d.,-])[3-6]\d{3}([ -]?)\d{4,6}\1\d{4,5}(?:\1\d{1,7})?(?!\d)/g;

/** Luhn's check digit: of numbers that only look like a card's, nine in ten fail it. */
function isCardNumber(text: string): boolean {
	const digits = text.replace(/\D/g, '');
	let sum = 0;
	for (let at = 0; at < digits.length; at++) {
		const digit = Number(digits.at(-1 - at)) * (at % 2 === 0 ? 1 : 2);
		sum += digit > 9 ? digit - 9 : digit;
	}
	return sum % 10 === 0;
}

/** Characters looked at in one go: an expression over more runs out of stack, and what it threw at would not be recorded. */
const WINDOW = 200_000;
/** A credential is shorter, so that a cut between words this far back at most goes through none. */
const LONGEST_CREDENTIAL = 5_000;

function inWindows(text: string, scrub: (piece: string) => string): string {
	if (text.length <= WINDOW) return scrub(text);
	const pieces: string[] = [];
	for (let from = 0; from < text.length;) {
		const to = from + WINDOW;
		const gap =
			to < text.length ? text.slice(to - LONGEST_CREDENTIAL, to).search(/[\s<>,](?=[^\s<>,]*$)/) : -1;
		const end = gap < 0 ? to : to - LONGEST_CREDENTIAL + gap;
		pieces.push(scrub(text.slice(from, end)));
		from = end;
	}
	return pieces.join('');
}

/** Text with the credentials in it replaced. */
export const scrubText = (text: string): string => inWindows(text, scrubPiece);

function scrubPiece(text: string): string {
	if (text.length < 4) return text;
	let shown = text.replace(LOOKS_SECRET, HIDDEN);
	if (shown.length > 12) shown = shown.replace(CARD, (found) => (isCardNumber(found) ? HIDDEN : found));
	if (!shown.includes('=')) return shown;
	return shown.replace(PARAMETER, (all: string, sign: string, name: string, value: string) =>
		isSecretName(name) || SECRET_PARAMETER.test(name) || isTokenLike(value) ? `${sign}${name}=${HIDDEN}` : all
	);
}

/** State that pages keep in attributes: `{"token":"abc"}`, `token: 'abc'`, `api_key=abc`. */
const PAIR =
	/(?:(["'])|(?<![\w-]))([\w-]{2,})\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"',;&{}]+)/g;

/** The value of an attribute that is no address: as text, and state in it without what its names say is secret. */
export function scrubState(text: string): string {
	const shown = scrubText(text);
	return /[:=]/.test(shown) ? inWindows(shown, scrubPairs) : shown;
}

const scrubPairs = (text: string): string =>
	text.replace(PAIR, (all: string, quote = '', name: string, sign: string, value: string) =>
		isSecretName(name) && !/^(?:true|false|null|\d{1,3})$/.test(value)
			? `${quote}${name}${quote}${sign}${/^["']/.test(value) ? value.charAt(0) + HIDDEN + value.charAt(0) : HIDDEN}`
			: all
	);

/** The same address without what people typed into it: searches and filters end up in the query and the fragment. */
export function withoutQuery(url: string): string {
	if (/^(?:data|blob):/i.test(url)) return url;
	const address = url
		.replace(/#.*$/s, '')
		.replace(/([?&;])([^=&;#?]*)=[^&;#]*/g, (_all, sign: string, name: string) => `${sign}${name}=${HIDDEN}`);
	const unnamed = address.indexOf('?', address.lastIndexOf('=') + 1);
	return unnamed < 0 ? address : address.slice(0, unnamed);
}

/** An address with user and password, secret parameters and token-like path segments replaced. */
export function scrubUrl(url: string): string {
	// An inlined picture is content, not an address; its base64 would look like a token.
	if (/^(?:data|blob):/i.test(url)) return url;
	return scrubText(url)
		.replace(/^([a-z][\w+.-]*:)?\/\/[^/?#@\s]*@/i, '$1//')
		.replace(TOKEN_SEGMENT, (segment) =>
			UUID.test(segment) || /\.\w{2,5}$/.test(segment) ? segment : HIDDEN
		);
}
