// What is typed into a service's editor, and its rows coming and going without a trip to the server.
import { tick } from 'svelte';
import {
	cellField,
	changeRows,
	MAX_ROWS,
	shownDraft,
	type RowList,
	type ServiceDraft
} from '#domain/service-draft.ts';

const FIRST_CELL: Record<RowList, string> = {
	packages: 'name',
	addOns: 'name',
	faq: 'question',
	questions: 'label',
	tasks: 'title'
};

export class EditorState {
	draft: ServiceDraft;
	readonly shown = $derived.by(() => shownDraft(this.draft));

	constructor(initial: ServiceDraft) {
		this.draft = $state(structuredClone(initial));
	}

	isFull(list: RowList): boolean {
		return this.draft[list].length >= MAX_ROWS[list];
	}

	/** Does here what the button's form action would do there; the focus goes where one types on. */
	async change(event: MouseEvent, operation: string): Promise<void> {
		event.preventDefault();
		this.draft = changeRows($state.snapshot(this.draft), operation);
		await tick();
		const [verb, list, row] = operation.split(':') as [string, RowList, string | undefined];
		const last = this.draft[list].length - 1;
		const to = verb === 'add' ? last : Math.min(verb === 'up' ? Number(row) - 1 : Number(row), last);
		const field = document.getElementsByName(cellField(list, to, FIRST_CELL[list]))[0];
		(field ?? document.getElementById(`add-${list}`))?.focus();
	}
}
