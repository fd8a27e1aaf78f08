import { addressWith, chipsWith, type Choices } from '../filter-address.ts';
import type { PageData } from './$types';

type Filters = PageData['filters'];

const HERE = '/recordings/search';

/** Address of the search with these filters; what is empty, or as usual, is left out. */
export const searchAddress = (filters: Filters): string => addressWith(HERE, filters, { page: 1 });

/** Every filter that is set beside the words, as it reads, with the address without it. */
export function searchChips(filters: Filters, choices: Choices) {
	const { q: _words, page: _page, zone: _zone, recording, ...others } = filters;
	const chips = chipsWith(others, choices, (without) => searchAddress({ ...filters, ...without, page: 1 }));
	if (!recording) return chips;
	const removeHref = searchAddress({ ...filters, recording: undefined, page: 1 });
	return [...chips, { name: 'Recording', value: 'one alone', removeHref }];
}

/** The moment in the replay. */
export const momentHref = (recording: string, at: number): string => `/recordings/${recording}?t=${at}`;
