// Which elements hold secrets (product.md §What is masked), and the memory that keeps them secret: a field that was a
// password once stays one, whatever script does to its type or its neighbours later.
import { HIDDEN, isSecretName } from './scrub.ts';

/** Fields by their own markup; names decide, too, see `hasSecretName`. */
const SECRET_FIELD = [
	'input[type="password" i]',
	'input[type="hidden" i]',
	'[data-rr-is-password]',
	'[autocomplete~="one-time-code" i]',
	'[autocomplete*="cc-" i]',
	'[autocomplete$="-password" i]'
].join(',');

const SECRET_AREA = '[data-secret]';
const PERSONAL_AREA = '[data-personal]';

/** Card and bank fields that lack `autocomplete`, which is most of them. */
const BANK_NAME =
	/card[-_ ]?(?:number|no|num|holder)|cardnumber|\bcc[-_]?(?:num|number|exp|csc|cvc|name)|\biban\b|\bbic\b|swift|sort[-_ ]?code|routing|account[-_ ]?(?:number|no|num)\b|\bssn\b|\btan\b|one[-_ ]?time|2fa|mfa|totp|recovery[-_ ]?code|passphrase/i;

/** How much of an element may be shown. */
export type Secrecy = 'shown' | 'personal' | 'secret';

/** A password shorter than this is found in too many harmless words to be looked for in text. */
const MIN_REMEMBERED = 6;
const MAX_REMEMBERED = 100;

/** Remembers secret fields and what was typed into them, for as long as the page lives. Nothing of it leaves the page. */
export class Secrets {
	private readonly ever = new WeakSet<Element>();
	private readonly values = new Set<string>();
	private readonly latest = new WeakMap<Element, string>();

	/** True for a field whose value must not leave; once true for an element, true for ever. */
	isSecretField(element: Element): boolean {
		if (this.ever.has(element)) return true;
		const isSecret = element.matches(SECRET_FIELD) || hasSecretName(element);
		if (isSecret) this.ever.add(element);
		return isSecret;
	}

	/** Secrecy of an element with all that it stands in, across shadow roots and frames. */
	secrecyOf(node: Node | null): Secrecy {
		let found: Secrecy = 'shown';
		for (let at = node; at; at = outward(at)) {
			if (at.nodeType !== Node.ELEMENT_NODE) continue;
			const element = at as Element;
			if (element.matches(SECRET_AREA) || this.isSecretField(element)) return 'secret';
			if (element.matches(PERSONAL_AREA)) found = 'personal';
		}
		return found;
	}

	/** The value of a field as it may leave. Secret ones keep neither signs nor length; personal ones their length. */
	maskValue(value: string, element: Element): string {
		const secrecy = this.secrecyOf(element);
		if (secrecy === 'shown' || value === '') return value;
		if (secrecy === 'secret') this.remember(element, value);
		return maskText(value, secrecy);
	}

	/** Replaces what was typed into secret fields wherever else it turns up: mirrored text, a swapped field, a message. */
	forget(text: string): string {
		let shown = text;
		// The longest first: a shorter one inside it would leave its rest in sight.
		for (const value of [...this.values].toSorted((a, b) => b.length - a.length))
			if (shown.includes(value)) shown = shown.replaceAll(value, HIDDEN);
		return shown;
	}

	/** False while there is nothing to look for, which is nearly always. */
	get areKnown(): boolean {
		return this.values.size > 0;
	}

	private remember(element: Element, value: string): void {
		// A hidden input holds ids and flags that are plain text elsewhere; it is masked, not hunted.
		// An event is masked by rrweb first and by the sanitizer again: the mask must not take the value's place.
		if (value === HIDDEN || value.length < MIN_REMEMBERED || element.matches('input[type="hidden" i]'))
			return;
		// While somebody types, each longer value takes the shorter one's place; a different one stands beside it.
		const before = this.latest.get(element);
		if (before !== undefined && value.startsWith(before)) this.values.delete(before);
		this.latest.set(element, value);
		this.values.add(value);
		const oldest = this.values.values().next().value;
		if (this.values.size > MAX_REMEMBERED && oldest !== undefined) this.values.delete(oldest);
	}
}

/** Masks text: nothing of a secret, one star for each sign of something personal. */
export function maskText(text: string, secrecy: Secrecy): string {
	if (secrecy === 'shown' || text.trim() === '') return text;
	return secrecy === 'secret' ? HIDDEN : text.replace(/\S/g, '*');
}

function hasSecretName(element: Element): boolean {
	if (!/^(?:input|textarea|select)$/i.test(element.tagName)) return false;
	// Buttons and choices carry labels; "Send password link" is not a password.
	if (/^(?:submit|button|reset|image|checkbox|radio|file)$/i.test(element.getAttribute('type') ?? ''))
		return false;
	return ['name', 'id', 'autocomplete'].some((attribute) => {
		const name = element.getAttribute(attribute) ?? '';
		return name !== '' && (isSecretName(name) || BANK_NAME.test(name));
	});
}

function outward(node: Node): Node | null {
	if (node.parentNode) return node.parentNode;
	if (node.nodeType === Node.DOCUMENT_FRAGMENT_NODE) return (node as ShadowRoot).host ?? null;
	return node.nodeType === Node.DOCUMENT_NODE ? ((node as Document).defaultView?.frameElement ?? null) : null;
}
