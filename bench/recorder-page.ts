// What recording costs the recorded page in Chromium: CPU while a person works in a list of 200 tasks, and the longest task
// while a document of 10 000 nodes is taken in. Our recorder as the portal loads it (sanitizer, sealed copies in IndexedDB,
// socket) against rrweb as published, whose events are made into text and kept in an array.
import type { Browser, CDPSession, Page } from '@playwright/test';
import { launchChromium } from '#support/chromium.ts';
import { bundleForBrowser } from '#support/recorder-bundle.ts';
import { startRecorderHub } from '#support/recorder-hub.ts';
import { percentile, rounded, type Figure } from './figure.ts';

type Recorder = 'none' | 'ours' | 'rrweb';

const WORK_MS = 15_000;
const WORK_ROUNDS = 3;
const SNAPSHOT_ROUNDS = 5;
/** For the page to be live, or a snapshot to be taken and sent. */
const SETTLE_MS = 1_500;

/** Starts one of the recorders in the page. */
const START = `
window.startOurs=()=>bundle.startRecorder({ticket:'t'+performance.timeOrigin,pageId:'p'+performance.timeOrigin,
masking:{profile:'personal',personal:null},onState(){},onRecording(){},onEnded(){}});
window.kept=[];
window.startRrweb=()=>bundle.record({emit:event=>kept.push(JSON.stringify(event))});`;

/** A person at work: pointer at 60 Hz, typing that filters, scrolling, another list every six seconds. */
const WORK_PAGE = `<!doctype html><html><body><input id="filter"><ul id="list"></ul>
<script src="/bundle.js"></script><script>${START}
const row=(n,round)=>'<li class="task" data-n="'+n+'"><h3>Task '+n+' of round '+round+'</h3><p>Due <time>2026-11-'+(n%28+1)+'</time></p>'+
'<button>Done</button> <span class="who">Person '+n%7+'</span> <em>'+'note '.repeat(n%5)+'</em></li>';
let round=0;const render=()=>{round++;list.innerHTML=Array.from({length:200},(_,n)=>row(n,round)).join('')};render();
window.work=()=>{let n=0;setInterval(()=>{n++;
const target=list.children[n%200];
target.dispatchEvent(new MouseEvent('mousemove',{bubbles:true,clientX:n%900,clientY:n*3%600}));
if(n%25===0){filter.value='person '.slice(0,n/25%8);filter.dispatchEvent(new Event('input',{bubbles:true}));
const wanted=n/25%7;for(const item of list.children)item.hidden=wanted!==0&&Number(item.dataset.n)%7!==wanted}
if(n%6===0&&n%300<120)scrollTo(0,n%300*10);
if(n%375===0)render();
},16)};
</script></body></html>`;

const LARGE_PAGE = `<!doctype html><html><body><main id="main"></main>
<script src="/bundle.js"></script><script>${START}
main.innerHTML=Array.from({length:2000},(_,n)=>'<section class="row"><b title="Row '+n+'">Row '+n+'</b><i>'+n+'</i></section>').join('');
// The time between two turns of the loop is the length of the task between them.
window.watchTurns=()=>{let last=performance.now();window.longest=0;const turns=new MessageChannel();
turns.port1.onmessage=()=>{const now=performance.now();longest=Math.max(longest,now-last);last=now;turns.port2.postMessage(0)};
turns.port2.postMessage(0)};
</script></body></html>`;

type BenchWindow = {
	startOurs(): void;
	startRrweb(): void;
	work(): void;
	watchTurns(): void;
	longest: number;
};
declare const window: BenchWindow & typeof globalThis;

const startIn = (page: Page, recorder: Recorder): Promise<void> =>
	page.evaluate((which) => {
		if (which === 'ours') window.startOurs();
		if (which === 'rrweb') window.startRrweb();
	}, recorder);

async function taskSeconds(session: CDPSession): Promise<number> {
	const { metrics } = await session.send('Performance.getMetrics');
	return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

/** Percent of a core that the page's main thread is busy. */
async function workUnder(browser: Browser, origin: string, recorder: Recorder): Promise<number> {
	const page = await browser.newPage();
	try {
		await page.goto(`${origin}/work`);
		const session = await page.context().newCDPSession(page);
		// CPU time of the thread: whoever else keeps the machine busy is not counted.
		await session.send('Performance.enable', { timeDomain: 'threadTicks' });
		await startIn(page, recorder);
		await page.waitForTimeout(SETTLE_MS);
		await page.evaluate(() => window.work());
		const before = await taskSeconds(session);
		await page.waitForTimeout(WORK_MS);
		return ((await taskSeconds(session)) - before) / (WORK_MS / 1_000) / 0.01;
	} finally {
		await page.close();
	}
}

/** The longest task from the start of recording on, in ms. */
async function longestTask(browser: Browser, origin: string, recorder: Recorder): Promise<number> {
	const page = await browser.newPage();
	try {
		await page.goto(`${origin}/large`);
		await page.waitForTimeout(200);
		await page.evaluate(() => window.watchTurns());
		await startIn(page, recorder);
		await page.waitForTimeout(SETTLE_MS);
		return await page.evaluate(() => window.longest);
	} finally {
		await page.close();
	}
}

async function medianOf(rounds: number, measure: () => Promise<number>): Promise<number> {
	const values: number[] = [];
	for (let round = 0; round < rounds; round++) values.push(await measure());
	return percentile(values, 50);
}

async function measureAll(browser: Browser, origin: string): Promise<Figure[]> {
	const work = (recorder: Recorder) => medianOf(WORK_ROUNDS, () => workUnder(browser, origin, recorder));
	const idle = await work('none');
	const [cpuBaseline, cpu] = [(await work('rrweb')) - idle, (await work('ours')) - idle];
	const taken = (recorder: Recorder) =>
		medianOf(SNAPSHOT_ROUNDS, () => longestTask(browser, origin, recorder));
	const [taskBaseline, task] = [await taken('rrweb'), await taken('ours')];
	return [
		{
			figure: 'recorder-cpu',
			unit: '% of a core',
			ours: rounded(cpu),
			baseline: rounded(cpuBaseline),
			baselineName: 'rrweb 2.2.2 `record` as published, events as text, not sent',
			ratio: rounded(cpu / cpuBaseline)
		},
		{
			figure: 'snapshot-10k',
			unit: 'ms',
			ours: rounded(task),
			baseline: rounded(taskBaseline),
			baselineName: 'longest task of rrweb 2.2.2 `record` as published on the same document',
			ratio: rounded(task / taskBaseline)
		}
	];
}

export async function run(): Promise<Figure[]> {
	const source = `export { startRecorder } from './recorder/index.ts'; export { record } from 'rrweb';`;
	const hub = await startRecorderHub({
		pages: { '/work': WORK_PAGE, '/large': LARGE_PAGE },
		scripts: { '/bundle.js': await bundleForBrowser({ source, plugins: [] }) }
	});
	const browser = await launchChromium();
	try {
		return await measureAll(browser, hub.origin);
	} finally {
		await browser.close();
		await hub.close();
	}
}
