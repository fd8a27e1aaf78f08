// An address as it is stored, pure: without what lets somebody in. The page cuts it out of its recording (recorder/capture/scrub.ts), by the
// same words; what the server writes of the same visit must not keep what the picture leaves out. A test compares the two.

/** In place of what was cut; one length for all, since a length is a hint. */
const CUT = '••••••••';

/** Parameters whose value lets somebody in, by the words their names are made of. */
const SECRET_NAME =
	/(?:^|[-_.[])(?:access|api|auth|authorization|bearer|cred|credential|credentials|csrf|cvc|cvv|jwt|key|nonce|otp|pass|passcode|password|passwd|pin|pwd|saml|samlresponse|secret|session|sessionid|sid|sig|signature|ticket|token|xsrf)(?=$|[-_.\]])/i;
const SECRET_NAME_GLUED =
	/(?:token|secret|passw|apikey|accesskey|privatekey|sessionid|jsessionid|signature|credential|csrf|xsrf|authcode|assertion)/i;
/** Ordinary words that are one in an address: of a sign-in, an invitation. */
const SECRET_PARAMETER = /^(?:code|state|invite|reset|magic|verify|confirm|hash|link|t|k)$/i;

/** JWT, well-known key prefixes, bearer headers. */
const LOOKS_SECRET =
	/\beyJ[\w-]{8,4000}\.[\w-]{8,}|\b(?:sk|pk|rk|whsec|ghp|gho|ghu|ghs|github_pat|glpat|xox[abprs]|shpat|npm|SG)[-_.][\w.-]{16,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\b(?:Bearer|Basic)\s+[\w+/=.~-]{16,}/;
const CARD = /(?<![\d.,-])[3-6]\d{3}([ -]?)\d{4,6}\1\d{4,5}(?:\1\d{1,7})?(?!\d)/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Nobody types one: long, one run, letters and digits mixed. */
const TOKEN = /^[\w~.%+/=-]{24,}$/;
const TOKEN_SEGMENT = /^[\w~.=-]{32,}$/;
const isMixed = (text: string): boolean => /\d/.test(text) && /[A-Za-z]/.test(text) && !UUID.test(text);

/** Attack: what is written twice over is read as often by whoever it is meant for. */
const MAX_DECODED = 3;
/** Addresses within addresses. */
const MAX_WITHIN = 3;

function decoded(text: string): string {
	let plain = text.replaceAll('+', ' ');
	for (let n = 0; n < MAX_DECODED && plain.includes('%'); n++)
		try {
			plain = decodeURIComponent(plain);
		} catch {
			// No such letters: it stands for itself.
			return plain;
		}
	return plain;
}

function isSecretName(name: string): boolean {
	const words = name.replace(/([a-z\d])([A-Z])/g, '$1-$2');
	return SECRET_NAME.test(words) || SECRET_NAME_GLUED.test(name) || SECRET_PARAMETER.test(name);
}

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

/** By its look, or as an address with something secret in it; one within another within another is none that anybody needs. */
function isSecretValue(value: string, depth: number): boolean {
	if (LOOKS_SECRET.test(value) || (TOKEN.test(value) && isMixed(value))) return true;
	const [number] = CARD.exec(value) ?? [];
	if (number !== undefined && isCardNumber(number)) return true;
	return value.includes('=') && (depth >= MAX_WITHIN || withoutParameters(value, depth + 1) !== value);
}

const withoutParameters = (query: string, depth: number): string =>
	query.replace(
		/([?&;#]?)([^?=&;#]+)(?:=([^&;#]*))?/g,
		(all: string, sign: string, name: string, value: string | undefined) => {
			if (isSecretValue(decoded(name), depth)) return sign + CUT;
			if (!value || !(isSecretName(decoded(name)) || isSecretValue(decoded(value), depth))) return all;
			return `${sign}${name}=${CUT}`;
		}
	);

const withoutTokens = (path: string): string =>
	path
		.split('/')
		.map((part) => {
			const plain = decoded(part);
			const isToken = TOKEN_SEGMENT.test(plain) && isMixed(plain) && !/\.\w{2,5}$/.test(plain);
			return isToken || LOOKS_SECRET.test(plain) ? CUT : part;
		})
		.join('/');

/** Path and query; what a browser keeps behind the `#` is none of the server's. Filters, searches and ids stay. */
export function storedAddress(address: string): string {
	const [shown = ''] = address.split('#', 1);
	const at = shown.indexOf('?');
	if (at < 0) return withoutTokens(shown);
	return withoutTokens(shown.slice(0, at)) + withoutParameters(shown.slice(at), 0);
}
