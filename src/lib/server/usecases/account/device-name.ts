// A browser's long name in words that a person tells their own devices apart by. Pure; a guess, and never a decision.
const BROWSERS: [RegExp, string][] = [
	[/\bEdgA?\//, 'Edge'],
	[/\bOPR\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\bFirefox\/|\bFxiOS\//, 'Firefox'],
	[/\bChrome\/|\bCriOS\/|\bHeadlessChrome\//, 'Chrome'],
	[/\bSafari\//, 'Safari']
];
const SYSTEMS: [RegExp, string][] = [
	[/\biPhone\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bWindows\b/, 'Windows'],
	[/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bLinux\b/, 'Linux']
];

const first = (text: string, table: [RegExp, string][]): string | null =>
	table.find(([sign]) => sign.test(text))?.[1] ?? null;

/** "Firefox on Windows"; what is not known is "Unknown device". */
export function deviceName(userAgent: string | null): string {
	const browser = first(userAgent ?? '', BROWSERS);
	const system = first(userAgent ?? '', SYSTEMS);
	return browser && system ? `${browser} on ${system}` : (browser ?? system ?? 'Unknown device');
}
