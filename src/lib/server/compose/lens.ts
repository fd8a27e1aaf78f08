// Use cases of “Why can’t they see it?”.
import { explainPage } from '../usecases/lens/explain-page.ts';
import type { Parts } from './parts.ts';

export const composeLens = ({ db }: Pick<Parts, 'db'>) => ({ explain: explainPage({ db }) });
