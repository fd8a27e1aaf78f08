import { describe, expect, it } from 'vitest';
import { decisionWords, readonlyWords } from './decision-words.ts';
import { elementKeys, elementOf, isElement, type ElementKey } from './portal-elements.ts';
import {
	decide,
	maySeeRecord,
	mayOf,
	portalMenu,
	settingOf,
	type PortalSetup,
	type PortalView
} from './visibility.ts';

const OWNER = { isOwner: true, rights: [] };
const view = (
	agency: PortalSetup,
	client: PortalSetup = {},
	contact: PortalView['contact'] = OWNER
): PortalView => ({
	agency,
	client,
	contact
});
const hidden = (key: ElementKey): PortalSetup => ({ [key]: { hidden: true } });
const shown = (key: ElementKey): PortalSetup => ({ [key]: { hidden: false } });
const hideable = elementKeys().filter((key) => elementOf(key).mayHide);
const fixed = elementKeys().filter((key) => !elementOf(key).mayHide);
const kinds = ['area', 'section', 'field', 'action'] as const;

it('has every kind of element to decide about', () => {
	for (const kind of kinds)
		expect(
			hideable.some((key) => elementOf(key).kind === kind),
			kind
		).toBe(true);
});

describe.each(hideable)('%s', (key) => {
	it('is shown by the system, hidden by the agency, and the client stands over both', () => {
		expect(decide(key, view({}))).toEqual({ allowed: true, because: 'system', by: key });
		expect(decide(key, view(hidden(key)))).toEqual({ allowed: false, because: 'agency', by: key });
		expect(decide(key, view(shown(key)))).toMatchObject({ allowed: true, because: 'agency' });
		expect(decide(key, view({}, hidden(key)))).toEqual({ allowed: false, because: 'client', by: key });
		expect(decide(key, view(hidden(key), shown(key)))).toMatchObject({ allowed: true, because: 'client' });
	});

	it('needs the person’s right first, whatever the layers say', () => {
		const needed = new Set([...elementOf(key).rights, ...elementOf(elementOf(key).area).rights]);
		const nobody = { isOwner: false, rights: [] };
		const decision = decide(key, view(shown(key), shown(key), nobody), 'see');
		if (needed.size === 0) expect(decision.allowed).toBe(true);
		else expect(decision).toMatchObject({ allowed: false, because: 'contact' });
		expect(decide(key, view({}, {}, { isOwner: false, rights: [...needed] })).allowed).toBe(true);
	});

	it('goes with its area', () => {
		const { area } = elementOf(key);
		if (area === key || !elementOf(area).mayHide) return;
		expect(decide(key, view(hidden(area), shown(key)))).toEqual({
			allowed: false,
			because: 'agency',
			by: area
		});
	});
});

describe.each(fixed)('%s', (key) => {
	it('can be hidden by nobody', () => {
		expect(decide(key, view(hidden(key), hidden(key)))).toEqual({
			allowed: true,
			because: 'system',
			by: key
		});
	});
});

describe('a field that its reader fills in', () => {
	const key = 'tasks.due_date' as const;
	const readonly = { [key]: { readonly: true } };

	it('can be seen and not changed', () => {
		expect(decide(key, view(readonly), 'see').allowed).toBe(true);
		expect(decide(key, view(readonly), 'use')).toEqual({ allowed: false, because: 'agency', by: key });
		expect(decide(key, view(readonly, { [key]: { readonly: false } }), 'use').allowed).toBe(true);
	});

	it('cannot be made read-only when it is none', () => {
		expect(decide('tasks.create', view({ 'tasks.create': { readonly: true } })).allowed).toBe(true);
	});
});

describe('a record that is kept from the client', () => {
	it('is not seen, nor is any of a hidden area', () => {
		expect(maySeeRecord('tasks', { visibleToClient: true }, view({}))).toBe(true);
		expect(maySeeRecord('tasks', { visibleToClient: false }, view({}))).toBe(false);
		expect(maySeeRecord('tasks', { visibleToClient: true }, view(hidden('tasks')))).toBe(false);
	});
});

describe('keys that are no elements', () => {
	it.each(['__proto__', 'constructor', 'toString', 'tasks.nope', ''])('%s is none', (key) => {
		expect(isElement(key)).toBe(false);
	});

	it('change nothing when they are stored', () => {
		const forged = JSON.parse('{"__proto__":{"hidden":true},"nope":{"hidden":true}}') as PortalSetup;
		expect(portalMenu(view(forged, forged))).toEqual(portalMenu(view({})));
	});
});

describe('in words', () => {
	it('names the layer that decided, and the area it was decided by', () => {
		const words = (key: ElementKey, of: PortalView) => decisionWords(key, decide(key, of, 'see'));
		expect(words('tasks', view({}))).toBe('shown by default');
		expect(words('account', view({}))).toBe('always shown');
		expect(words('tasks', view(hidden('tasks')))).toBe('hidden by agency default');
		expect(words('tasks', view({}, hidden('tasks')))).toBe('hidden by this client’s override');
		expect(words('tasks.create', view(hidden('tasks')))).toBe(
			'hidden, because Tasks is hidden by agency default'
		);
		expect(words('invoices', view({}, {}, { isOwner: false, rights: [] }))).toContain('billing');
		expect(readonlyWords(settingOf('tasks.due_date', 'readonly', view({})))).toBe(
			'can be changed by default'
		);
	});
});

it('answers for many elements at once', () => {
	expect(mayOf(['tasks', 'files'], view(hidden('files')))).toEqual({ tasks: true, files: false });
});
