// A seek as a person sees it: from the press to the frame in which the picture of that moment is painted, at random moments
// of an hour and of eight; in a real browser, from sealed blocks. Against one Replayer that is given the whole hour, and
// the time until its first frame.
import type { Browser, Page } from '@playwright/test';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { percentile, rounded, type Figure } from './figure.ts';
import { record, serve, wholeOf, type Recording, type Served } from './seek-film.ts';

export type SeekPlan = { seeks: number; hours: readonly [short: number, long: number]; wholeRuns: number };
const PLAN: SeekPlan = { seeks: 60, hours: [1, 8], wholeRuns: 5 };
const SPANS = { '10s': 10_000, '60s': 60_000 } as const;
/** Between two seeks the player reads ahead; whoever seeks again within it has its work for nothing. */
const REST_MS = 300;

const PAGE = `<!doctype html><html><body style="margin:0"><div id="root" style="width:1200px;height:800px"></div>
<script src="/player.js"></script><script>
const painted=()=>new Promise(r=>requestAnimationFrame(()=>setTimeout(r,0)));
window.openFilm=(name,film)=>new Promise(ready=>{
const source={block:async id=>new Uint8Array(await(await fetch('/'+name+'/'+id)).arrayBuffer()),
tail(){throw new Error('no tail')},index:async()=>film};
const nothing=()=>{};
window.done=ready;window.faults=[];
window.player=bundle.createPlayer(root,source,{onTime:nothing,onState:nothing,onSize:nothing,onShown:nothing,needsRejoin:nothing,
onPicture:nothing,onDamaged:d=>faults.push(d),onLoading:l=>{window.busy=l==='loading';if(l==='failed')faults.push(l);if(!busy)painted().then(()=>window.done?.())}});
player.open({film,at:0})});
window.seek=async ms=>{const shown=new Promise(r=>(window.done=r));const from=performance.now();player.seek(ms);await(busy?shown:painted());
return performance.now()-from};
window.whole=async ms=>{const from=performance.now();const events=await(await fetch('/whole')).json();
const replayer=new bundle.Replayer(events,{root,triggerFocus:false,mouseTail:false,showWarning:false});
replayer.pause(ms+1);await painted();return performance.now()-from};
</script></body></html>`;

type SeekWindow = {
	openFilm(name: string, film: unknown): Promise<void>;
	seek(ms: number): Promise<number>;
	whole(ms: number): Promise<number>;
	faults: unknown[];
};
declare const window: SeekWindow & typeof globalThis;

/** The same moments in each run. */
function* moments(count: number, lengthMs: number): Generator<number> {
	let random = 11;
	for (let n = 0; n < count; n++) {
		random = (random * 48_271) % 2_147_483_647;
		yield random % lengthMs;
	}
}

async function openPage(browser: Browser, served: Served): Promise<Page> {
	const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
	await page.goto(`${served.origin}/`);
	return page;
}

async function seekTimes(
	browser: Browser,
	served: Served,
	name: string,
	{ index }: Recording,
	seeks: number
) {
	const page = await openPage(browser, served);
	await page.evaluate(([film, films]) => window.openFilm(films, film), [index, name] as const);
	const times: number[] = [];
	for (const ms of moments(seeks, index.endAt - index.startAt)) {
		await page.waitForTimeout(REST_MS);
		times.push(await page.evaluate((at) => window.seek(at), ms));
	}
	const faults = await page.evaluate(() => window.faults);
	await page.close();
	if (faults.length > 0) throw new Error(`the player could not show all of it: ${JSON.stringify(faults)}`);
	return times;
}

/** Each in a page of its own, as somebody opens a recording. */
async function wholeTimes(
	browser: Browser,
	served: Served,
	lengthMs: number,
	runs: number
): Promise<number[]> {
	const times: number[] = [];
	for (const ms of moments(runs, lengthMs)) {
		const page = await openPage(browser, served);
		times.push(await page.evaluate((at) => window.whole(at), ms));
		await page.close();
	}
	return times;
}

const HOLDS_ALL = 'time to the first frame of one Replayer that is given the whole hour (median)';

function figuresOf(
	suffix: string,
	[short, long]: readonly [number[], number[]],
	whole: readonly number[]
): Figure[] {
	const [ours, eight] = [percentile(short, 95), percentile(long, 95)];
	const [middle, baseline] = [percentile(short, 50), percentile(whole, 50)];
	const facts = { unit: 'ms' };
	return [
		{
			...facts,
			figure: `seek-p50-1h${suffix}`,
			ours: rounded(middle),
			baseline: rounded(baseline),
			baselineName: HOLDS_ALL,
			ratio: rounded(middle / baseline)
		},
		{
			...facts,
			figure: `seek-p95-1h${suffix}`,
			ours: rounded(ours),
			baseline: rounded(baseline),
			baselineName: HOLDS_ALL,
			ratio: rounded(ours / baseline)
		},
		{
			...facts,
			figure: `seek-p95-8h${suffix}`,
			ours: rounded(eight),
			baseline: rounded(ours),
			baselineName: 'the same seeks in one hour',
			ratio: rounded(eight / ours)
		}
	];
}

async function measureSpan(browser: Browser, player: string, whole: Buffer, spanMs: number, plan: SeekPlan) {
	const [short, long] = plan.hours;
	const films = { short: record({ hours: short, spanMs }), long: record({ hours: long, spanMs }) };
	const served = await serve(
		{
			'/': { type: 'text/html', body: PAGE },
			'/player.js': { type: 'text/javascript', body: player },
			'/whole': { type: 'application/json', body: whole, packed: true }
		},
		films
	);
	try {
		const all = await wholeTimes(browser, served, short * 3_600_000, plan.wholeRuns);
		const ofShort = await seekTimes(browser, served, 'short', films.short, plan.seeks);
		const ofLong = await seekTimes(browser, served, 'long', films.long, plan.seeks);
		return { times: [ofShort, ofLong] as const, all };
	} finally {
		served.close();
	}
}

export async function run(plan = PLAN): Promise<Figure[]> {
	const player = await bundleForBrowser({
		source: `export { createPlayer } from './recorder/playback/player.ts'; export { Replayer } from 'rrweb';`
	});
	const whole = wholeOf(plan.hours[0]);
	const browser = await launchChromium();
	try {
		const figures: Figure[] = [];
		for (const [name, spanMs] of Object.entries(SPANS)) {
			const { times, all } = await measureSpan(browser, player, whole, spanMs, plan);
			figures.push(...figuresOf(name === '10s' ? '' : `-${name}`, times, all));
		}
		return figures;
	} finally {
		await browser.close();
	}
}
