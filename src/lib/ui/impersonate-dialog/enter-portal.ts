export type Entry = { code: string; action: string };

/**
 * Goes to the portal with the one-time code. A real form post at top level: the code is in no address, and so in no
 * history and no server log, and the portal's own origin sets the cookie.
 */
export function enterPortal({ code, action }: Entry): void {
	const form = document.createElement('form');
	form.method = 'POST';
	form.action = action;
	form.hidden = true;
	const field = document.createElement('input');
	field.type = 'hidden';
	field.name = 'code';
	field.value = code;
	form.append(field);
	document.body.append(form);
	form.submit();
}
