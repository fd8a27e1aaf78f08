import type { PDFDocumentProxy } from 'pdfjs-dist';
// Served from our own build: the policy of the page lets no other worker run.
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

/**
 * Opens a PDF for drawing. It is never handed to the browser as a document: scripts and forms in it have nothing that runs
 * them, and addresses in it are not called.
 */
export function openPdf(source: string): { promise: Promise<PDFDocumentProxy>; cancel(): void } {
	const stop = new AbortController();
	let close: (() => void) | null = null;
	const open = async (): Promise<PDFDocumentProxy> => {
		const [pdf, response] = await Promise.all([
			import('pdfjs-dist'),
			window.fetch(source, { signal: stop.signal })
		]);
		if (!response.ok) throw new Error(`The document was not sent: ${response.status}.`);
		const data = new Uint8Array(await response.arrayBuffer());
		pdf.GlobalWorkerOptions.workerSrc = workerUrl;
		const loading = pdf.getDocument({
			data,
			enableXfa: false,
			useWasm: false,
			useWorkerFetch: false,
			stopAtErrors: false
		});
		close = () => void loading.destroy();
		return loading.promise;
	};
	return {
		promise: open(),
		cancel: () => {
			stop.abort();
			close?.();
		}
	};
}
