// Which fields are secret by what can be seen of them: their markup, their names, the way they hide what is typed.
// The memory of what once was secret is in secrets.ts.
import { isSecretName } from './scrub.ts';

const BY_MARKUP = [
	'input[type="password" i]',
	'input[type="hidden" i]',
	'[data-rr-is-password]',
	'[autocomplete~="one-time-code" i]',
	'[autocomplete*="cc-" i]',
	'[autocomplete$="-password" i]'
].join(',');

/** Card and bank fields that lack `autocomplete`, which is most of them. */
const BANK_NAME =
	/card[-_ ]?(?:number|no|num|holder)|cardnumber|\bcc[-_]?(?:num|number|exp|csc|cvc|name)|\biban\b|\bbic\b|swift|sort[-_ ]?code|routing|account[-_ ]?(?:number|no|num)\b|\bssn\b|\btan\b|one[-_ ]?time|2fa|mfa|totp|recovery[-_ ]?code|passphrase/i;

const FIELD = 'input,textarea,select';
/** What people type into without it being a field of a form. */
const WRITABLE =
	'[contenteditable]:not([contenteditable="false" i]),[role="textbox" i],[role="searchbox" i],[role="spinbutton" i]';

/** All that `looksSecret` may say yes to; a quick first question. */
export const MAY_BE_FIELD = [FIELD, WRITABLE, '[autocomplete]', '[data-rr-is-password]'].join(',');

const BUTTON = /^(?:submit|button|reset|image)$/i;
/** Buttons and choices carry labels: "Send password link" is no password. The name of a chosen file is. */
const LABELLED = /^(?:checkbox|radio)$/i;

/** True for a form's field, whatever kind. */
export const isField = (element: Element): boolean => element.matches(FIELD);

/** True for whatever people type into, buttons of forms excepted: theirs are the page's words. */
export const isTypedInto = (element: Element): boolean =>
	element.matches(`${FIELD},${WRITABLE}`) && !BUTTON.test(element.getAttribute('type') ?? '');

/** True for a field that shows by itself that its value is secret. */
export function looksSecret(element: Element): boolean {
	if (element.matches(BY_MARKUP)) return true;
	return isTypedInto(element) && (hasSecretName(element) || isConcealed(element));
}

/** Saved cards and the like: what a secret field proposes is as secret as what is typed. */
export function proposesSecrets(element: Element): boolean {
	if (!element.matches('datalist[id]')) return false;
	const root = element.getRootNode() as Document | ShadowRoot;
	return [...root.querySelectorAll(`[list="${CSS.escape(element.id)}"]`)].some(looksSecret);
}

function hasSecretName(element: Element): boolean {
	if (LABELLED.test(element.getAttribute('type') ?? '')) return false;
	return ['name', 'id', 'autocomplete'].some((attribute) => {
		const name = element.getAttribute(attribute) ?? '';
		return name !== '' && (isSecretName(name) || BANK_NAME.test(name));
	});
}

/** Codes and PINs are often typed into a text field that style alone turns into dots. */
function isConcealed(element: Element): boolean {
	const style = element.ownerDocument.defaultView?.getComputedStyle(element);
	const dots = style?.getPropertyValue('-webkit-text-security') ?? '';
	return dots !== '' && dots !== 'none';
}
