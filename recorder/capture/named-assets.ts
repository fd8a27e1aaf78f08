// Which pictures and fonts an event names, looked up in what may leave: the sanitizer has gone over it, so an address that is
// masked, or stands in an area that is, is not in it any more.
import { assetName, splitAssetName } from '../format/assets.ts';
import { EVENT, isLoose, SOURCE, type Loose } from '../format/events.ts';

/** `id`: the element it stands on, null for style. */
export type NamedAsset = { name: string; id: number | null };

const PICTURE = /^(?:src|poster|background)$/i;
const LINK = /^(?:href|xlink:href)$/i;
const DRAWN = /^(?:.*:)?(?:image|feimage)$/i;
const CSS_URL = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)/gi;
/** The player's host has them itself. */
const OWN_BUILD = /^recorded:\/_app\/immutable\//;

/** Of these kinds only: the others name nothing, and pointer moves come all the time. */
export function mayName({ type, data }: { type: number; data: unknown }): boolean {
	if (type === EVENT.fullSnapshot) return true;
	if (type !== EVENT.incremental || !isLoose(data)) return false;
	return (
		data.source === SOURCE.mutation ||
		data.source === SOURCE.styleSheetRule ||
		data.source === SOURCE.styleDeclaration ||
		data.source === SOURCE.adoptedStyleSheet
	);
}

/** Every name in the event, in no order, some of them twice. */
export function namesIn(event: { data: unknown }, origin: string): NamedAsset[] {
	const found: NamedAsset[] = [];
	const add = (address: string, id: number | null): void => {
		const name = assetName(address, origin);
		if (name !== null && !OWN_BUILD.test(name)) found.push({ name: splitAssetName(name).name, id });
	};
	const stack: unknown[] = [event.data];
	for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
		if (typeof at === 'string') addFromCss(at, add);
		else if (Array.isArray(at)) stack.push(...at.filter(isWorthALook));
		else if (isLoose(at)) {
			if (isLoose(at.attributes)) addFromElement(at, at.attributes, add);
			for (const value of Object.values(at)) if (isWorthALook(value)) stack.push(value);
		}
	}
	return found;
}

type Add = (address: string, id: number | null) => void;

const isWorthALook = (value: unknown): boolean =>
	typeof value === 'string' ? value.includes('url(') : typeof value === 'object' && value !== null;

function addFromCss(css: string, add: Add): void {
	for (const [, double, single, bare] of css.matchAll(CSS_URL)) {
		const address = double ?? single ?? bare ?? '';
		// Of an escaped address it is not worth knowing what it is; and a mere fragment is the page itself.
		if (address !== '' && !/^#|\\/.test(address)) add(address, null);
	}
}

/** Of an attribute that changed only the id is known, not what it stands on: `href` of a link is no picture. */
function addFromElement({ id, tagName }: Loose, attributes: Loose, add: Add): void {
	const isDrawn = typeof tagName === 'string' && DRAWN.test(tagName);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value !== 'string' || value === '' || typeof id !== 'number') continue;
		if (PICTURE.test(name) || (isDrawn && LINK.test(name))) add(value, id);
		if (/^srcset$/i.test(name))
			for (const part of value.split(',')) add(part.trim().split(/\s/)[0] ?? '', id);
	}
}
