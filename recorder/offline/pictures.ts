// Pictures and fonts for the offline player, as addresses that hold the file itself: nothing is ever loaded from anywhere.
import { isAssetName, splitAssetName } from '../format/assets.ts';
import { LEFT_OUT_ADDRESS } from '../format/left-out-picture.ts';
import type { AssetLookup } from '../format/safe-css.ts';
import type { PackPicture } from './pack-index.ts';

/** The portal's own font, in the two sets that stand in the page: lines break where they broke. */
const OWN_FONT = /\/inter-([a-z-]+?)-wght-(?:normal|italic)[\w.-]*\.woff2(?:[?#]|$)/;
/** Of other scripts it holds no letter; the browser then takes one of its own, and loads nothing. */
const FIRST_SET = 'latin';

const isFont = (address: string): boolean => /\.(?:woff2?|ttf|otf)(?:[?#]|$)/i.test(address);

function addressOf(type: string, bytes: Uint8Array): string {
	// In stretches: a call takes only so many arguments.
	let text = '';
	for (let at = 0; at < bytes.length; at += 0x8000)
		text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
	return `data:${type};base64,${btoa(text)}`;
}

export class Pictures {
	private readonly named: readonly PackPicture[];
	private readonly addresses = new Map<string, string>();
	private readonly fonts: Map<string, string>;

	constructor(named: readonly PackPicture[]) {
		this.named = named;
		const text = document.getElementById('fonts')?.textContent ?? '{}';
		this.fonts = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
	}

	/** Reads every file once. One that cannot be read is shown as left out. */
	async load(read: (id: string) => Promise<Uint8Array>): Promise<void> {
		const files = new Map<string, string | null>();
		for (const { pageId, name, id, type } of this.named) {
			if (!files.has(id))
				files.set(
					id,
					await read(id).then(
						(bytes) => addressOf(type, bytes),
						() => null
					)
				);
			const address = files.get(id);
			if (address) this.addresses.set(`${pageId} ${name}`, address);
		}
	}

	readonly of =
		(pageId: string): AssetLookup =>
		(address) => {
			const set = OWN_FONT.exec(address)?.[1];
			const own = set === undefined ? undefined : (this.fonts.get(set) ?? this.fonts.get(FIRST_SET));
			if (own !== undefined) return `data:font/woff2;base64,${own}`;
			if (!isAssetName(address)) return null;
			const { name, fragment } = splitAssetName(address);
			const found = this.addresses.get(`${pageId} ${name}`);
			if (found !== undefined) return found + fragment;
			return isFont(name) ? null : LEFT_OUT_ADDRESS;
		};
}
