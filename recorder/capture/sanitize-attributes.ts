// Attributes as they may leave the page: handlers and frame sources never, addresses without tokens, and of secret or
// personal elements only what gives them their look.
import type { Loose } from '../format/events.ts';
import { HIDDEN, isSecretName, scrubText, scrubUrl } from './scrub.ts';
import type { Secrecy } from './secrets.ts';

const NEVER = /^(?:on.*|srcdoc|nonce|integrity|ping|http-equiv|formaction)$/i;
const ADDRESS = /^(?:src|href|xlink:href|action|poster|data|background|cite|longdesc|manifest|rr_src)$/i;

/** All that a masked element keeps: how it looks and what kind of thing it is, not what it says. */
const LOOKS =
	/^(?:class|style|type|role|rows|cols|size|width|height|colspan|rowspan|hidden|disabled|readonly|required|open|dir|lang|tabindex|xmlns|viewbox|d|fill|stroke.*|multiple|data-secret|data-personal|rr_(?:width|height|scroll.*|open_mode)|_csstext)$/i;
/** A secret field keeps its outer words as well: label, hint and name are the page's, not the client's. */
const FIELD_WORDS =
	/^(?:id|name|for|autocomplete|placeholder|title|aria-label|aria-labelledby|aria-describedby|aria-invalid|maxlength|minlength|inputmode)$/i;

export type AttributesOf = {
	attributes: Loose;
	tag: string;
	secrecy: Secrecy;
	/** The element is a secret field itself, not only something inside a secret area. */
	isField: boolean;
	element: Element | null;
};

/** A new set of attributes; a null in a mutation (removed) stays null. */
export function sanitizeAttributes({ attributes, tag, secrecy, isField, element }: AttributesOf): Loose {
	const safe: Loose = {};
	// The area itself may be a field: then its words are part of the area and go.
	const isInArea = secrecy !== 'shown' && (!isField || isWithin(element));
	for (const [name, value] of Object.entries(attributes)) {
		if (NEVER.test(name) || (tag === 'meta' && isMetaSecret(name, attributes))) continue;
		if (typeof value !== 'string') {
			if (value === null || secrecy === 'shown' || LOOKS.test(name) || isHarmlessNumber(name))
				safe[name] = value;
			continue;
		}
		if (name === 'value' && secrecy !== 'shown') {
			safe[name] = value === '' ? '' : secrecy === 'secret' ? HIDDEN : value.replace(/\S/g, '*');
			continue;
		}
		if (secrecy !== 'shown' && !LOOKS.test(name) && (isInArea || !FIELD_WORDS.test(name))) continue;
		safe[name] = cleaned(name, value);
	}
	return safe;
}

function cleaned(name: string, value: string): string {
	if (ADDRESS.test(name)) return scrubUrl(value);
	if (/^(?:imagesrcset|srcset)$/i.test(name))
		return value.replace(/\S+/g, (part) => (part.length > 8 ? scrubUrl(part) : part));
	// `data-csrf`, `data-api-key`, `hx-headers` and the like: named for what they carry.
	if (/^(?:data-|hx-|ng-|x-)/i.test(name) && isSecretName(name) && name !== 'data-secret') return HIDDEN;
	return scrubText(value);
}

/** Only the viewport's meta is needed to lay a page out; the others carry CSRF tokens and site keys. */
const isMetaSecret = (name: string, { name: metaName }: Loose): boolean =>
	name.toLowerCase() === 'content' && String(metaName ?? '').toLowerCase() !== 'viewport';

/** `checked` and `selected` say what was chosen, so of numbers and flags only rrweb's own sizes stay. */
const isHarmlessNumber = (name: string): boolean => name.startsWith('rr_') && !name.startsWith('rr_data');

const isWithin = (element: Element | null): boolean =>
	element?.closest('[data-secret],[data-personal]') !== null;
