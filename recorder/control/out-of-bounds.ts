// What control never reaches, whoever holds it: the banner and all that is not recorded, secrets, what is masked as personal, files, and
// the ways out of the impersonation.
import type { ControlAnswer } from '#protocol/control.ts';
import { looksSecret } from '../capture/secret-fields.ts';

const BLOCKED = '[data-recorder-block],iframe,object,embed';
const SECRET = '[data-secret],[data-rr-is-password]';
const PERSONAL = '[data-personal]';
const FILE = 'input[type="file" i]';
/** Switch Back, the mode and the entrance belong to whoever is inside, wherever a page has them. */
const WAYS_OUT = /^\/(?:switch-back|impersonation|enter|leave)(?:[/?#]|$)/;

const PRESSED = 'button,input,select,textarea,label,a,summary';

/** A label, a button in a form and the like mean something else than themselves. */
function* meantBy(element: Element): Generator<Element> {
	yield element;
	const pressed = element.closest(PRESSED);
	if (pressed && pressed !== element) yield pressed;
	if (pressed instanceof HTMLLabelElement && pressed.control) yield pressed.control;
}

function leadsOut(element: Element): boolean {
	const link = element.closest('a');
	const addresses = [link?.getAttribute('href')];
	const button = element.closest('button,input');
	if (button instanceof HTMLButtonElement || button instanceof HTMLInputElement)
		addresses.push(button.form?.getAttribute('action'), button.getAttribute('formaction'));
	return addresses.some((address) => {
		if (!address) return false;
		const url = URL.parse(address, document.baseURI);
		return url?.origin === location.origin && WAYS_OUT.test(url.pathname);
	});
}

/** Why nobody may do anything to this element from afar, or null. */
export function outOfBounds(element: Element): ControlAnswer | null {
	for (const meant of meantBy(element)) {
		if (meant.closest(BLOCKED) || leadsOut(meant)) return 'blocked';
		if (meant.matches(FILE)) return 'file';
		if (meant.closest(SECRET) || looksSecret(meant)) return 'secret';
		if (meant.closest(PERSONAL)) return 'personal';
	}
	return null;
}
