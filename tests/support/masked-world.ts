// A real browser that records a page to the real hub: what leaves the page, what the live log keeps, what the hub logs and
// what the browser stores, each as text to be searched. The page's own server passes its socket on with the cookie and
// the origin that a portal's page would have.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Browser, Page } from '@playwright/test';
import type { PageMasking } from '#protocol/masking.ts';
import { HubWorld, PORTAL_ORIGIN, type TestPage } from './hub-world.ts';

export type Recorded = {
	page: Page;
	testPage: TestPage;
	/** Everything the page sent on its sockets, handshakes included. */
	wire(): string;
	close(): Promise<void>;
};

export type RecordOptions = {
	browser: Browser;
	world: HubWorld;
	script: string;
	html: (start: string) => string;
	masking: PageMasking;
};

/** Opens the page and waits until its first picture is acknowledged. */
export async function recordPage({
	browser,
	world,
	script,
	html,
	masking
}: RecordOptions): Promise<Recorded> {
	const testPage = await world.addPage(await world.addImpersonation(await world.addAgency()));
	const { id: pageId, ticket, cookie } = testPage;
	const start = `window.states=[];bundle.startRecorder(${JSON.stringify({ ticket, pageId, masking }).replace(
		/\}$/,
		''
	)},onState(){},onRecording(r,why){states.push(why?r+' '+why:r)},onEnded(){},collect:page=>bundle.collectAssets('/recorded-assets',page)})`;
	const server = await serve({ '/': html(start), '/recorder.js': script }, (request, socket, first) =>
		passOn({ request, socket, first, port: world.port, cookie })
	);
	const { port } = server.address() as AddressInfo;
	const page = await browser.newPage();
	const frames: string[] = [];
	page.on('websocket', (socket) =>
		socket.on('framesent', ({ payload }) => frames.push(Buffer.from(payload).toString('utf8')))
	);
	await page.goto(`http://127.0.0.1:${port}/?code=SEC-pageurl-1&tab=open#id_token=SEC-pagehash-1`, {
		// Its planted pictures come from nowhere; waiting for hundreds of them would be most of the test.
		waitUntil: 'domcontentloaded'
	});
	await page.waitForFunction(() => (globalThis as unknown as { states: string[] }).states.includes('live'));
	const close = async (): Promise<void> => {
		await page.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return { page, testPage, wire: () => frames.join('\n'), close };
}

/** What the live log holds of a page, as text. */
export async function readLiveLog(world: HubWorld, { id }: TestPage): Promise<string> {
	const parts: string[] = [];
	for await (const { bytes } of world.liveLog.read(id)) parts.push(Buffer.from(bytes).toString('utf8'));
	return parts.join('\n');
}

/** All that lies in the browser's stores for this origin, as text. */
export const readStores = (page: Page): Promise<string> =>
	page.evaluate(async () => {
		const decoder = new TextDecoder();
		const asText = (_key: string, value: unknown): unknown =>
			value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? decoder.decode(value) : value;
		const parts = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
		const settled = <T>(request: IDBRequest<T>): Promise<T> =>
			new Promise((resolve, reject) => {
				request.addEventListener('success', () => resolve(request.result));
				request.addEventListener('error', () => reject(request.error ?? new Error('IndexedDB')));
			});
		for (const { name = '' } of await indexedDB.databases()) {
			const database = await settled(indexedDB.open(name));
			for (const store of database.objectStoreNames) {
				const table = database.transaction(store).objectStore(store);
				parts.push(
					JSON.stringify([await settled(table.getAll()), await settled(table.getAllKeys())], asText)
				);
			}
			database.close();
		}
		return parts.join('\n');
	});

type OnUpgrade = (request: IncomingMessage, socket: Socket, first: Buffer) => void;

async function serve(files: Record<string, string>, onUpgrade: OnUpgrade): Promise<Server> {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://x');
		const body = files[pathname];
		const type = pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
		response.writeHead(body === undefined ? 404 : 200, { 'content-type': type });
		response.end(body ?? '');
	});
	server.on('upgrade', (request, socket, first) => onUpgrade(request, socket as Socket, first));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

type PassOn = { request: IncomingMessage; socket: Socket; first: Buffer; port: number; cookie: string };

function passOn({ request, socket, first, port, cookie }: PassOn): void {
	const hub = connect(port, '127.0.0.1', () => {
		const headers = { ...request.headers, origin: PORTAL_ORIGIN, host: new URL(PORTAL_ORIGIN).host, cookie };
		const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
		hub.write([`GET ${request.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
		hub.write(first);
		socket.pipe(hub).pipe(socket);
	});
	for (const end of [hub, socket]) end.on('error', () => [hub, socket].forEach((each) => each.destroy()));
}
