import { describe, expect, it } from 'vitest';
import { BUILT_IN_ROLES, type Permission } from './permissions.ts';
import {
	heldBecause,
	mayEditRole,
	mayGiveRole,
	mayLeaveSuperAdmin,
	mayManage,
	maySetExceptions,
	type Person
} from './team-rules.ts';

const roleOf = (key: string) => ({ key, permissions: BUILT_IN_ROLES[key]!.permissions });
const person = (staffId: string, key: string, more: Partial<Person> = {}): Person => ({
	staffId,
	role: roleOf(key),
	granted: [],
	withdrawn: [],
	active: true,
	...more
});
const lead = (more: Partial<Person> = {}) => person('lead', 'manager', { granted: ['team.manage'], ...more });
const allowed = { allowed: true };

describe('managing a person', () => {
	it('is never possible on oneself, not even for a Super Admin', () => {
		const olivia = person('olivia', 'super_admin');
		expect(mayManage(olivia, olivia).allowed).toBe(false);
	});
	it('needs everything the other holds', () => {
		expect(mayManage(lead(), person('sam', 'assignee'))).toEqual(allowed);
		expect(mayManage(lead(), person('adam', 'admin')).allowed).toBe(false);
		expect(mayManage(lead(), person('sam', 'assignee', { granted: ['review'] })).allowed).toBe(false);
	});
	it('keeps a Super Admin from an Admin, though both hold everything', () => {
		expect(mayManage(person('adam', 'admin'), person('olivia', 'super_admin')).allowed).toBe(false);
		expect(mayManage(person('otto', 'super_admin'), person('olivia', 'super_admin'))).toEqual(allowed);
	});
});

describe('giving a role', () => {
	it('is cut by what the giver holds, exceptions counted', () => {
		expect(mayGiveRole(lead(), roleOf('assignee'))).toEqual(allowed);
		expect(mayGiveRole(lead({ withdrawn: ['tasks.manage'] }), roleOf('assignee')).allowed).toBe(false);
		expect(mayGiveRole(lead(), roleOf('admin')).allowed).toBe(false);
	});
	it('leaves Super Admin to Super Admins', () => {
		expect(mayGiveRole(person('adam', 'admin'), roleOf('super_admin')).allowed).toBe(false);
		expect(mayGiveRole(person('olivia', 'super_admin'), roleOf('super_admin'))).toEqual(allowed);
	});
});

describe('granting and withdrawing single permissions', () => {
	const sam = person('sam', 'assignee');
	const set = (granted: Permission[], withdrawn: Permission[] = [], other = sam) =>
		maySetExceptions(lead(), other, { granted, withdrawn }).allowed;
	it('grants only what the giver holds', () => {
		expect(set(['impersonate'])).toBe(true);
		expect(set(['supervise'])).toBe(false);
	});
	it('counts a lifted withdrawal as a grant', () => {
		const boss = person('x', 'assignee', { withdrawn: ['files.manage'] });
		expect(set([], [], boss)).toBe(true);
		const noFiles = lead({ withdrawn: ['files.manage'] });
		expect(maySetExceptions(noFiles, boss, { granted: [], withdrawn: [] }).allowed).toBe(false);
	});
	it('hides no grant behind a withdrawal that could be lifted later', () => {
		expect(set(['supervise'], ['supervise'])).toBe(false);
	});
	it('cannot touch a Super Admin', () => {
		const olivia = person('olivia', 'super_admin');
		expect(
			maySetExceptions(person('otto', 'super_admin'), olivia, { granted: [], withdrawn: ['review'] }).allowed
		).toBe(false);
	});
});

describe('editing a role', () => {
	const held = (key: string, ...holders: Person[]) => ({ ...roleOf(key), holders });
	it('refuses the fixed one, one’s own, and any that holds or would hold more', () => {
		const adam = person('adam', 'admin');
		expect(mayEditRole(adam, held('super_admin'), []).allowed).toBe(false);
		expect(mayEditRole(adam, held('admin'), ['clients.read']).allowed).toBe(false);
		expect(mayEditRole(lead(), held('assignee'), ['review']).allowed).toBe(false);
		expect(mayEditRole(lead(), held('admin'), []).allowed).toBe(false);
		expect(mayEditRole(adam, held('manager'), ['review'])).toEqual(allowed);
	});
	it('takes nothing out of a role that somebody holds who may do more', () => {
		const all = BUILT_IN_ROLES['assignee']!.permissions;
		const sam = person('sam', 'assignee');
		const sue = person('sue', 'assignee', { granted: ['review'] });
		expect(mayEditRole(lead(), held('assignee', sam, sue), all.slice(1)).allowed).toBe(false);
		expect(mayEditRole(lead(), held('assignee', sam, sue), all)).toEqual(allowed);
		expect(mayEditRole(lead(), held('assignee', sam, sue), [...all, 'impersonate'])).toEqual(allowed);
		expect(mayEditRole(lead(), held('assignee', sam), all.slice(1))).toEqual(allowed);
	});
});

describe('the last Super Admin', () => {
	it('stays', () => {
		expect(mayLeaveSuperAdmin(person('olivia', 'super_admin'), 1).allowed).toBe(false);
		expect(mayLeaveSuperAdmin(person('olivia', 'super_admin'), 2)).toEqual(allowed);
		expect(mayLeaveSuperAdmin(person('olivia', 'super_admin', { active: false }), 1)).toEqual(allowed);
		expect(mayLeaveSuperAdmin(person('adam', 'admin'), 0)).toEqual(allowed);
	});
});

describe('where a permission comes from', () => {
	it('says withdrawn before role before granted', () => {
		const sam = person('sam', 'assignee', {
			granted: ['review', 'files.manage'],
			withdrawn: ['tasks.manage']
		});
		const because = (permission: Permission) => heldBecause(sam, permission);
		expect(
			['tasks.manage', 'files.manage', 'review', 'supervise'].map((p) => because(p as Permission))
		).toEqual(['withdrawn', 'role', 'granted', 'none']);
	});
});
