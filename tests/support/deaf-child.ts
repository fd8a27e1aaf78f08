// Takes questions and never comes back from one kind of them.
process.on('message', ({ id, ask }: { id: number; ask: { pageId: string } }) => {
	while (ask.pageId === 'deaf') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
	process.send?.({ id, answer: null });
});
process.on('disconnect', () => process.exit(0));
