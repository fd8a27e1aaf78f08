// What becomes of an element by its name. Pages use a few dozen names for thousands of elements, so each is looked into once.

/** Elements that load or run something by their mere presence: a box of the same size stands in. */
const REPLACED = new Set(
	(
		'script base object embed applet iframe frame frameset portal fencedframe ' +
		'audio video track source template'
	).split(' ')
);
/** Their content must not show: with scripts off a browser renders what stands in `noscript`. */
const EMPTIED = new Set(['noscript', 'noembed', 'noframes', ...REPLACED]);
/** Of those, elements that show nothing anyway. */
const UNSEEN = new Set(['noscript', 'noembed', 'noframes', 'script', 'base', 'template']);
/** SVG animations may set any attribute later, `href` too. */
const ANIMATIONS = new Set([
	'animate',
	'set',
	'animatetransform',
	'animatemotion',
	'animatecolor',
	'discard',
	'mpath'
]);

export type SafeTag = {
	/** As it may be built. */
	tag: string;
	/** In small letters and without a prefix. */
	name: string;
	becomes: 'itself' | 'box' | 'nothing' | 'group';
	/** Text within it is CSS. */
	isStyle: boolean;
};

const MAX_KNOWN = 1_000;
const known = new Map<string, SafeTag>();

/** The limit keeps a hostile recording from filling the memory. */
export function safeTag(value: unknown): SafeTag {
	if (typeof value !== 'string') return readTag('div');
	const found = known.get(value);
	if (found) return found;
	const tag = readTag(/^[a-z][\w:.-]{0,63}$/i.test(value) ? value : 'div');
	if (known.size < MAX_KNOWN && value === tag.tag) known.set(value, tag);
	return tag;
}

function readTag(tag: string): SafeTag {
	const name = tag.toLowerCase().replace(/^.*:/, '');
	const isStyle = name === 'style' || name === 'link';
	return { tag, name, becomes: fateOf(name), isStyle };
}

function fateOf(name: string): SafeTag['becomes'] {
	if (EMPTIED.has(name)) return UNSEEN.has(name) ? 'nothing' : 'box';
	return ANIMATIONS.has(name) ? 'group' : 'itself';
}
