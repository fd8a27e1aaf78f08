import { redirect, type RequestHandler } from '@sveltejs/kit';

/** Until there is a dashboard, the list of clients is where work begins. */
export const GET: RequestHandler = () => redirect(303, '/clients');
