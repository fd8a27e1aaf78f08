// How much of each element may be shown, and the memory that keeps it so: what was secret once stays secret, whatever
// script does to its type, its attributes or its place in the page later.
import type { MaskingProfile } from '#protocol/masking.ts';
import { maskText, type Secrecy } from './blocks.ts';
import { KnownSecrets } from './known-secrets.ts';
import { isField, isTypedInto, looksSecret, MAY_BE_FIELD, proposesSecrets } from './secret-fields.ts';

const SECRET_AREA = '[data-secret]';
const PERSONAL_AREA = '[data-personal]';
const PUBLIC_AREA = '[data-public]';
/** One question for nearly every element of a page: whether there is anything to ask at all. */
const NOTABLE = [SECRET_AREA, PERSONAL_AREA, PUBLIC_AREA, MAY_BE_FIELD, 'datalist'].join(',');

type Own = 'secret' | 'personal' | 'typed' | 'public';

/** The secrecy of one document's elements under one profile. */
export class Secrets {
	readonly known = new KnownSecrets();
	readonly profile: MaskingProfile;
	private readonly ever = new WeakMap<Node, 'secret' | 'personal'>();
	/** Something left a secret or personal area: it is known by memory alone. */
	private hasLeft = false;
	/** Names and ids of fields that were secret by their type: a framework swaps elements, not names. */
	private readonly names = new Set<string>();

	constructor(profile: MaskingProfile = 'personal') {
		this.profile = profile;
	}

	/** What stands where nothing else is said. */
	get basis(): Secrecy {
		return this.profile === 'text' ? 'masked' : 'shown';
	}

	/** True for a field whose value must not leave; once true for an element, true for ever. */
	isSecretField(element: Element): boolean {
		if (!element.matches(MAY_BE_FIELD)) return false;
		if (this.ever.get(element) === 'secret') return true;
		const isSecret = looksSecret(element) || this.namesOf(element).some((name) => this.names.has(name));
		if (isSecret) this.neverShow(element);
		return isSecret;
	}

	/** It is leaving an area of this secrecy. */
	keepAway(node: Node, how: 'secret' | 'personal'): void {
		this.hasLeft = true;
		this.neverShow(node, how);
	}

	/** From now on this node and all in it is secret, or personal, wherever it goes. */
	private neverShow(node: Node, how: 'secret' | 'personal' = 'secret'): void {
		if (this.ever.get(node) !== 'secret') this.ever.set(node, how);
		if (how !== 'secret' || node.nodeType !== Node.ELEMENT_NODE) return;
		const element = node as Element;
		if (element.matches('input[type="password" i],[data-rr-is-password]'))
			for (const name of this.namesOf(element)) this.names.add(name);
	}

	/** Secrecy of a node with all that it stands in, across shadow roots and frames. */
	secrecyOf(node: Node | null): Secrecy {
		const owns: Own[] = [];
		for (let at = node; at; at = outward(at)) {
			const own = this.own(at);
			if (own === 'secret') return 'secret';
			if (own) owns.push(own);
		}
		return owns.reduceRight<Secrecy>(inside, this.basis);
	}

	/** Whether `secrecyOf` could say secret or personal; cheap enough to ask for every mutation. */
	mayBeHidden(node: Node): boolean {
		const element = node.nodeType === Node.ELEMENT_NODE ? (node as Element) : node.parentElement;
		return this.hasLeft || !!element?.closest(`${SECRET_AREA},${PERSONAL_AREA}`);
	}

	/** Secrecy within a node whose surroundings are known. */
	secrecyIn(node: Node, around: Secrecy): Secrecy {
		const own = this.own(node);
		return own ? inside(around, own) : around;
	}

	/** The value of a field as it may leave. */
	maskValue(value: string, element: Element): string {
		return value === '' ? value : maskText(value, this.secrecyOfValue(value, element));
	}

	/** As `secrecyOf`, and takes note of what is secret: the value itself may give the field away. */
	secrecyOfValue(value: string, element: Element): Secrecy {
		const secrecy = this.secrecyOf(element);
		if (secrecy === 'secret') {
			// A hidden input holds ids and flags that are plain text elsewhere; it is masked, not hunted.
			if (!element.matches('input[type="hidden" i]')) this.known.remember(element, value);
		} else if (isField(element) && this.known.isIn(value)) {
			// The same secret in a second field, as "show password" does: what is typed next belongs to it.
			this.neverShow(element);
			this.known.remember(element, value);
			return 'secret';
		}
		return secrecy;
	}

	private own(node: Node): Own | null {
		const ever = this.ever.get(node);
		if (ever === 'secret' || node.nodeType !== Node.ELEMENT_NODE) return ever ?? null;
		const element = node as Element;
		if (!ever && !element.matches(NOTABLE)) return null;
		if (element.matches(SECRET_AREA) || this.isSecretField(element) || proposesSecrets(element)) {
			this.neverShow(element);
			return 'secret';
		}
		if (ever || element.matches(PERSONAL_AREA)) {
			this.neverShow(element, 'personal');
			return 'personal';
		}
		if (this.profile === 'personal') return null;
		if (isTypedInto(element)) return 'typed';
		return element.matches(PUBLIC_AREA) ? 'public' : null;
	}

	private namesOf(element: Element): string[] {
		return ['name', 'id'].flatMap((attribute) => {
			const name = element.getAttribute(attribute);
			return name ? [`${attribute}=${name}`] : [];
		});
	}
}

/** What is typed or personal stays masked within an area marked as public: people may paste that mark, too. */
function inside(around: Secrecy, own: Own): Secrecy {
	if (around === 'secret' || own === 'secret') return 'secret';
	if (around === 'personal' || own === 'personal') return 'personal';
	if (around === 'typed' || own === 'typed') return 'typed';
	return 'shown';
}

function outward(node: Node): Node | null {
	if (node.parentNode) return node.parentNode;
	if (node.nodeType === Node.DOCUMENT_FRAGMENT_NODE) return (node as ShadowRoot).host ?? null;
	return node.nodeType === Node.DOCUMENT_NODE ? ((node as Document).defaultView?.frameElement ?? null) : null;
}
