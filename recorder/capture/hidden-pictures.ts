// Pictures that style puts into areas whose content must not leave. A style sheet names them for the whole page, so where they
// show is asked of the elements.

const HIDDEN_AREAS = '[data-personal],[data-secret]';
const MAY_SHOW_PICTURES = [
	'background-image',
	'mask-image',
	'border-image-source',
	'list-style-image',
	'content'
] as const;
/** Asking is what costs; a page with more of them shows no picture of its style sheets at all. */
const MAX_ELEMENTS = 300;

/** Says of an address whether it shows in a hidden area; asks the page once, so it is to be made anew for each look. */
export function hiddenPictures(): (address: string) => boolean {
	const areas = [...document.querySelectorAll(HIDDEN_AREAS)];
	const elements = new Set(areas.flatMap((area) => [area, ...area.querySelectorAll('*')]));
	if (elements.size > MAX_ELEMENTS) return () => true;
	const shown: string[] = [];
	for (const element of elements)
		for (const part of [null, '::before', '::after']) {
			const style = getComputedStyle(element, part);
			for (const property of MAY_SHOW_PICTURES) {
				const value = style.getPropertyValue(property);
				if (value.includes('url(')) shown.push(value);
			}
		}
	return (address) => shown.some((value) => value.includes(address));
}
