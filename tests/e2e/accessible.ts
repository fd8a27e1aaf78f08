// One look at a page by axe: light and dark, a desk's and a phone's width, without loading it again.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** All rules at both widths; a scheme alone changes colours only. One thing changes from look to look. */
const LOOKS = [
	{ size: DESK, colorScheme: 'light', onlyColours: false },
	{ size: DESK, colorScheme: 'dark', onlyColours: true },
	{ size: PHONE, colorScheme: 'dark', onlyColours: false },
	{ size: PHONE, colorScheme: 'light', onlyColours: true }
] as const;

/** Those are the ones that keep somebody from using the page. */
const WEIGHTY = ['serious', 'critical'];

const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

type Violation = {
	id: string;
	impact?: string | null;
	nodes: { html: string; any: { message: string }[] }[];
};
type Axe = { run(context: Document, options: object): Promise<{ violations: Violation[] }> };
declare const window: { axe?: Axe } & typeof globalThis;

/**
 * Runs axe in the page. The library's own way sends half a megabyte of script with each run, which takes twenty times as long as
 * looking; so it is used once a document, and then what it left there is asked.
 */
async function run(page: Page, options: object): Promise<Violation[]> {
	const isLoaded = await page.evaluate(() => window.axe !== undefined);
	if (isLoaded)
		return await page.evaluate(async (how) => (await window.axe!.run(document, how)).violations, options);
	// Its newer mode opens a page of its own for each run, which takes longer than the run.
	const result = await new AxeBuilder({ page }).options(options).setLegacyMode(true).analyze();
	return result.violations;
}

async function violations(page: Page, onlyColours: boolean): Promise<string[]> {
	// Half-way through a fade every contrast is wrong.
	await page.evaluate(() => {
		for (const animation of document.getAnimations())
			if (Number.isFinite(animation.effect?.getComputedTiming().endTime)) animation.finish();
	});
	// Frames are left out: a recorded document is somebody else's page, shown as it was.
	const options = {
		iframes: false,
		resultTypes: ['violations'],
		...(onlyColours && { runOnly: OF_COLOURS })
	};
	const found = await run(page, options);
	return found
		.filter(({ impact }) => WEIGHTY.includes(impact ?? ''))
		.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`));
}

/** Checks the page as it stands, and leaves it at a desk's width in light. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
	for (const { size, colorScheme, onlyColours } of LOOKS) {
		await page.setViewportSize(size);
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		const found = await violations(page, onlyColours);
		expect.soft(found, `${name}, ${colorScheme}, ${size.width} px`).toEqual([]);
	}
	const wider = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
	expect.soft(wider, `${name}: sideways overflow at ${PHONE.width} px`).toBeLessThanOrEqual(0);
	await page.emulateMedia({ colorScheme: 'light' });
	await page.setViewportSize(DESK);
}
