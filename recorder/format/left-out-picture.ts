// What stands in the place of a picture that is not there: a crossed box, as people draw one. It keeps its look in every size.

export const LEFT_OUT_PICTURE =
	"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8' preserveAspectRatio='none'><path fill='#e4e4e7' d='M0 0h8v8H0z'/>" +
	"<path d='M0 0l8 8M8 0L0 8M0 0h8v8H0z' fill='none' stroke='#a1a1aa' vector-effect='non-scaling-stroke'/></svg>";

/** The same as an address; the element's own width and height size it. */
export const LEFT_OUT_ADDRESS = `data:image/svg+xml,${encodeURIComponent(LEFT_OUT_PICTURE)}`;
