// The bytes of a picture or font that the page has loaded. Nothing is ever requested for it: the log says what the staff member
// looked at, and a second request would say it twice. So it comes out of the browser's cache, or is drawn from the picture on the page.
import { MAX_ASSET_BYTES, type LeftOut } from '../format/assets.ts';

/** Decoded it takes up four bytes each. */
const MAX_POINTS = 8_000_000;
/** Good enough to read small print by; if that is too much, good enough to see what it is. */
const QUALITIES = [0.92, 0.7];

export type TakenBytes = Uint8Array<ArrayBuffer> | LeftOut;

/** Never throws. */
export async function bytesOf(address: string, image: HTMLImageElement | null): Promise<TakenBytes> {
	const cached = await fromCache(address);
	if (cached !== null) return cached;
	return image ? await drawn(image).catch(() => 'unreadable' as const) : 'unreadable';
}

async function fromCache(address: string): Promise<TakenBytes | null> {
	try {
		const response = await fetch(address, {
			cache: 'only-if-cached',
			mode: 'same-origin',
			credentials: 'same-origin',
			// Attack: an address of ours that leads elsewhere.
			redirect: 'error'
		});
		if (!response.ok) return null;
		const bytes = new Uint8Array(await response.arrayBuffer());
		return bytes.byteLength > MAX_ASSET_BYTES ? 'too-large' : bytes;
	} catch {
		// Not in the cache: that is the answer.
		return null;
	}
}

/** A picture that came from elsewhere may not be read, and throws here. */
async function drawn(image: HTMLImageElement): Promise<TakenBytes> {
	const { naturalWidth: width, naturalHeight: height } = image;
	if (width * height > MAX_POINTS) return 'too-large';
	const canvas = new OffscreenCanvas(width, height);
	canvas.getContext('2d')?.drawImage(image, 0, 0, width, height);
	for (const quality of QUALITIES) {
		const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
		if (blob.size <= MAX_ASSET_BYTES) return new Uint8Array(await blob.arrayBuffer());
	}
	return 'too-large';
}
