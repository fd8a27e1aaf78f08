// Attributes as they may leave: handlers and frame sources never, addresses without tokens, and of masked elements only
// what gives them their look. What a personal element says is noted apart, for the client's key alone.
import type { MaskingProfile } from '#protocol/masking.ts';
import type { Loose } from '../format/events.ts';
import { maskText, type Secrecy } from './blocks.ts';
import { layoutOnly, layoutOnlyChanges, scrubCss } from './scrub-style.ts';
import { isSecretName, HIDDEN, scrubState, scrubText, scrubUrl, withoutQuery } from './scrub.ts';

const NEVER = /^(?:on.*|srcdoc|nonce|integrity|ping|http-equiv|formaction)$/i;
const ADDRESS = /^(?:src|href|xlink:href|action|poster|data|background|cite|longdesc|manifest|rr_src)$/i;

/** All that a masked element keeps: how it looks and what kind of thing it is, not what it says. */
const LOOKS =
	/^(?:class|style|type|role|rows|cols|size|width|height|colspan|rowspan|hidden|disabled|readonly|required|open|popover|dir|lang|tabindex|xmlns|viewbox|fill|stroke.*|multiple|data-secret|data-personal|data-public|rr_(?:width|height|scroll.*|open_mode|popover)|_csstext)$/i;
/** Long rows of figures, in which anything might be found. */
const SHAPE = /^(?:d|points|transform|viewbox|type)$/i;
/** Of words that are only masked, shapes and ties stay too; within secret areas a shape may be a code to scan. */
const SHAPES =
	/^(?:d|points|[xy][12]?|c[xy]|r[xy]?|transform|id|for|rel|media|name|aria-(?:labelledby|describedby|controls|owns|hidden))$/i;
/** Words that are read on the screen or aloud. */
const WORDS =
	/^(?:title|alt|placeholder|label|summary|aria-(?:label|description|roledescription|placeholder))$/i;
/** A secret field keeps its outer words as well: label, hint and name are the page's, not the client's. */
const FIELD_WORDS =
	/^(?:id|name|for|autocomplete|placeholder|title|aria-label|aria-labelledby|aria-describedby|aria-invalid|maxlength|minlength|inputmode)$/i;

/** What says which choice was made, beside the value itself. */
const CHOICE =
	/^(?:checked|selected|aria-(?:checked|pressed|valuenow|valuetext)|data-(?:state|value|checked))$/i;
/** States that style hangs on; a word from the page's content is none of these. */
const STATE =
	/^(?:|true|false|open|closed|on|off|active|inactive|page|step|dark|light|top|bottom|left|right|start|end|center|horizontal|vertical|\d{1,2})$/;

export type AttributesOf = {
	attributes: Loose;
	tag: string;
	secrecy: Secrecy;
	/** The element is a secret field itself, in an area that is not. */
	isLoneField: boolean;
	profile: MaskingProfile;
	/** Words of a personal element, as they were. */
	note(name: string, words: string): void;
};

/** A new set of attributes; a null in a mutation (removed) stays null. */
export function sanitizeAttributes(of: AttributesOf): Loose {
	const safe: Loose = {};
	for (const [name, value] of Object.entries(of.attributes)) {
		if (NEVER.test(name) || (of.tag === 'meta' && isMetaSecret(name, of.attributes))) continue;
		const left = typeof value === 'string' ? textOf(name, value, of) : otherOf(name, value, of);
		if (left !== undefined) safe[name] = left;
	}
	return safe;
}

/** Numbers, flags, changed styles and what was removed. */
function otherOf(name: string, value: unknown, { secrecy }: AttributesOf): unknown {
	if (value === null || secrecy === 'shown') return value;
	if (name === 'style') return layoutOnlyChanges(value);
	if (CHOICE.test(name)) return undefined;
	// Of numbers only rrweb's own sizes and places stay.
	return LOOKS.test(name) || (name.startsWith('rr_') && !name.startsWith('rr_data')) ? value : undefined;
}

function textOf(name: string, value: string, of: AttributesOf): string | undefined {
	const { secrecy, profile } = of;
	if (secrecy === 'shown') return isChoiceOfControl(name, profile) ? undefined : cleaned(name, value, of);
	if (name === 'value') return valueOf(value, of);
	if (CHOICE.test(name)) return undefined;
	if (name === 'style') return layoutOnly(value);
	if (name === 'class') return value.replace(/\S*content-\[\S*/g, '');
	if (LOOKS.test(name)) return cleaned(name, value, of);
	if (secrecy === 'secret') {
		if (!of.isLoneField || !FIELD_WORDS.test(name)) return undefined;
		return profile === 'text' && WORDS.test(name) ? maskText(value, 'masked') : cleaned(name, value, of);
	}
	if (secrecy === 'personal') {
		if (WORDS.test(name)) of.note(name, value);
		return undefined;
	}
	if (secrecy === 'typed' && profile === 'inputs') return cleaned(name, value, of);
	return maskedText(name, value, of);
}

/** Under the profile that masks every word. */
function maskedText(name: string, value: string, of: AttributesOf): string | undefined {
	if (SHAPES.test(name)) return cleaned(name, value, of);
	if (WORDS.test(name)) return maskText(value, 'masked');
	if (/^(?:data|aria)-/i.test(name)) return STATE.test(value) ? value : undefined;
	// A picture written out in an address may be one of words.
	if (/^(?:data:(?!image\/(?:png|jpeg|gif|webp|avif))|mailto:|tel:|sms:)/i.test(value.trim()))
		return undefined;
	return ADDRESS.test(name) || /^srcset$/i.test(name) ? cleaned(name, value, of) : undefined;
}

function valueOf(value: string, { secrecy, note }: AttributesOf): string {
	if (value === '') return '';
	if (secrecy === 'personal') note('v', value);
	return maskText(value, secrecy);
}

/** A switch or slider that is no field of a form. */
const isChoiceOfControl = (name: string, profile: MaskingProfile): boolean =>
	profile !== 'personal' && /^aria-(?:checked|valuenow|valuetext)$/i.test(name);

function cleaned(name: string, value: string, { profile }: AttributesOf): string {
	const address = (url: string): string =>
		profile === 'personal' ? scrubUrl(url) : withoutQuery(scrubUrl(url));
	if (ADDRESS.test(name)) return address(value);
	if (/^(?:imagesrcset|srcset)$/i.test(name))
		return value.replace(/\S+/g, (part) => (part.length > 8 ? address(part) : part));
	if (/^(?:style|_csstext)$/i.test(name)) return scrubCss(value, profile);
	// `data-csrf`, `data-api-key`, `hx-headers` and the like: named for what they carry.
	if (/^(?:data-|hx-|ng-|x-)/i.test(name) && isStateName(name)) return HIDDEN;
	if (SHAPE.test(name)) return value;
	return /^(?:class|id|for)$/i.test(name) ? scrubText(value) : scrubState(value);
}

const isStateName = (name: string): boolean =>
	name !== 'data-secret' && (isSecretName(name) || /^hx-(?:headers|vals)$/i.test(name));

/** Only the viewport's meta is needed to lay a page out; the others carry CSRF tokens and site keys. */
const isMetaSecret = (name: string, { name: metaName }: Loose): boolean =>
	name.toLowerCase() === 'content' && String(metaName ?? '').toLowerCase() !== 'viewport';
