import { answerLogo } from '#web/answer-logo.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals }) => answerLogo(locals, locals.portal?.agency.id);
