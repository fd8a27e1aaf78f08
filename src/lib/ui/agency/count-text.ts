const NUMBER = new Intl.NumberFormat('en-US');

/** "1 action", "1,204 actions", "over 10,000 actions" where counting stopped. */
export const countText = (total: number, isMore: boolean): string =>
	total === 1 && !isMore ? '1 action' : `${isMore ? 'over ' : ''}${NUMBER.format(total)} actions`;
