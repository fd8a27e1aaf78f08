import type { HandleClientError } from '@sveltejs/kit';

export const handleError: HandleClientError = ({ status, message }) => {
	// The impersonation ended while this tab stood open: the server has the end page for it.
	if (status === 410) location.reload();
	return { message };
};
