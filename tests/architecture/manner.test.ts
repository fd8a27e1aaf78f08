import { describe, expect, it } from 'vitest';
import { readSources } from './source-graph.ts';

const sources = readSources();
const codeLines = (text: string): number =>
	text.split('\n').filter((line) => !/^\s*(\/\/|\*|\/\*|<!--|$)/.test(line)).length;

const offenders = (test: (file: string, text: string) => boolean): string[] =>
	sources.filter(({ file, text }) => test(file, text)).map(({ file }) => file);

const isTest = (file: string): boolean => /\.(test|spec)\.ts$|^tests\/|^bench\//.test(file);

describe('files stay short [S1]', () => {
	it('no source is longer than 250 lines, no component than 200, no test than 400', () => {
		const limit = (file: string): number => (isTest(file) ? 400 : file.endsWith('.svelte') ? 200 : 250);
		expect(offenders((file, text) => codeLines(text) > limit(file))).toEqual([]);
	});
});

describe('habits that review would miss', () => {
	it('the environment is read in one file, and set where the built web is opened [G1]', () => {
		const allowed = ['src/lib/server/config.ts', 'realtime/built-web.ts'];
		expect(
			offenders((file, text) => !isTest(file) && !allowed.includes(file) && /process\.env/.test(text))
		).toEqual([]);
	});

	it('recordings are never replayed with canvas rights', () => {
		expect(offenders((file, text) => !isTest(file) && /UNSAFE_replayCanvas:\s*true/.test(text))).toEqual([]);
	});

	it('the clock and randomness are ports outside adapters, recorder, browser code and the process [D1]', () => {
		const rooms = /^src\/lib\/(domain|server\/(usecases|ports|jobs))\/|^realtime\/(room|protocol)\//;
		expect(
			offenders((file, text) => rooms.test(file) && !isTest(file) && /Date\.now\(|Math\.random\(/.test(text))
		).toEqual([]);
	});

	it('no test is skipped or focused', () => {
		const mark = new RegExp(`\\b(it|test|describe)\\.(${['skip', 'only', 'todo'].join('|')})\\b`);
		expect(
			offenders(
				(file, text) => isTest(file) && file !== 'tests/architecture/manner.test.ts' && mark.test(text)
			)
		).toEqual([]);
	});

	it('each file of the rooms that carry duties opens with what it is for [C2]', () => {
		const rooms =
			/^(src\/lib\/server\/(usecases|adapters|db|jobs|sign-in|ports|compose)|realtime\/(hub|room|worker)|recorder)\/.*\.ts$/;
		const opens = (text: string): boolean => /^(\/\/|\/\*\*)/.test(text);
		const exempt = /schema\/|types\.ts$|\.test\.ts$|\.d\.ts$/;
		expect(offenders((file, text) => rooms.test(file) && !exempt.test(file) && !opens(text))).toEqual([]);
	});
});
