type Size = { width: number; height: number };

/** Where the player puts a screen of this size into a frame: as large as it goes, centred (recorder/playback/stage.ts). */
export function fitted(frame: Size, screen: Size): Size & { left: number; top: number } {
	const scale = Math.min(frame.width / screen.width, frame.height / screen.height);
	const [width, height] = [screen.width * scale, screen.height * scale];
	return {
		width,
		height,
		left: Math.max(0, Math.round((frame.width - width) / 2)),
		top: Math.max(0, Math.round((frame.height - height) / 2))
	};
}
