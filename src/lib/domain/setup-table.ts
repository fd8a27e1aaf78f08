// The table by which portal elements are shown, hidden and made read-only: what was chosen at one level, what that
// comes to, and because of which layer.
import { decisionWords, readonlyWords } from './decision-words.ts';
import { AREAS, elementOf, partsOf, type AreaKey, type Element, type ElementKey } from './portal-elements.ts';
import { areaLabel, decide, settingOf, type PortalSetup } from './visibility.ts';

export type Choice = 'inherit' | 'show' | 'hide';
export type EditChoice = 'inherit' | 'edit' | 'read';

export type SetupRow = {
	key: ElementKey;
	label: string;
	kind: Element['kind'];
	mayHide: boolean;
	editable: boolean;
	choice: Choice;
	editChoice: EditChoice;
	/** What inheriting would come to. */
	inherited: { hidden: boolean; readonly: boolean };
	/** Hidden in the end, by itself or by its area. */
	hidden: boolean;
	words: string;
	editWords: string | null;
};
export type SetupGroup = { area: AreaKey; label: string; rows: SetupRow[] };

/** Layers alone are asked about here, so somebody who holds every right asks. */
const EVERYBODY = { isOwner: true, rights: [] };

type Layers = { agency: PortalSetup; client: PortalSetup };

function rowOf(key: ElementKey, layers: Layers, level: 'agency' | 'client'): SetupRow {
	const { kind, label, mayHide, editable } = elementOf(key);
	const own = layers[level][key] ?? {};
	const below = level === 'client' ? { agency: layers.agency, client: {} } : { agency: {}, client: {} };
	const decision = decide(key, { ...layers, contact: EVERYBODY }, 'see');
	return {
		key,
		label,
		kind,
		mayHide,
		editable,
		choice: own.hidden === undefined ? 'inherit' : own.hidden ? 'hide' : 'show',
		editChoice: own.readonly === undefined ? 'inherit' : own.readonly ? 'read' : 'edit',
		inherited: {
			hidden: settingOf(key, 'hidden', below).value,
			readonly: settingOf(key, 'readonly', below).value
		},
		hidden: !decision.allowed,
		words: decisionWords(key, decision),
		editWords: editable ? readonlyWords(settingOf(key, 'readonly', layers)) : null
	};
}

/** Every area with its parts, as this level sees them. At the agency's, `client` is empty. */
export const setupTable = (layers: Layers, level: 'agency' | 'client'): SetupGroup[] =>
	(Object.keys(AREAS) as AreaKey[]).map((area) => ({
		area,
		label: areaLabel(area, layers),
		rows: [area, ...partsOf(area)].map((key) => rowOf(key, layers, level))
	}));
