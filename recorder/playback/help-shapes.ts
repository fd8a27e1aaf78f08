// Shapes of help as it crosses between the agency page and the frame; neither believes the other more than this.
import type { Mark, Place, ShownStretch } from '#protocol/help.ts';
import { MAX_POINTS_AT_ONCE } from '#protocol/limits.ts';
import { isLoose } from '../format/events.ts';
import type { PointerDeed, Tool } from './help-tool.ts';

const MAX_TEXT = 200;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;

export const isPlace = (value: unknown): value is Place =>
	isLoose(value) && isCount(value.node) && isNumber(value.x) && isNumber(value.y);

/** What a helper may hold over the page. */
export const isTool = (value: unknown): value is Tool =>
	value === 'none' || value === 'point' || value === 'draw' || value === 'steer';

/** What the holder of control does with the pointer. */
export function isPointerDeed(value: unknown): value is PointerDeed {
	if (!isLoose(value) || !isCount(value.node)) return false;
	if (value.kind === 'click') return isNumber(value.x) && isNumber(value.y);
	if (value.kind === 'scroll') return isNumber(value.dx) && isNumber(value.dy);
	return value.kind === 'select' && isCount(value.index);
}

const isPoint = (value: unknown): boolean =>
	Array.isArray(value) && value.length === 2 && value.every(isNumber);

/** A piece of a stroke, whoever draws it. */
export const isDrawing = ({ stroke, node, points, isEnd }: Record<string, unknown>): boolean =>
	isCount(stroke) &&
	isCount(node) &&
	Array.isArray(points) &&
	points.length <= MAX_POINTS_AT_ONCE &&
	points.every(isPoint) &&
	typeof isEnd === 'boolean';

/** What a helper shows, stamped by the server. */
export function isMark(value: unknown): value is Mark {
	if (!isLoose(value) || !isText(value.pageId) || !isLoose(value.by)) return false;
	if (!isText(value.by.staffId) || !isText(value.by.name)) return false;
	if (value.kind === 'point') return value.at === null || isPlace(value.at);
	return value.kind === 'draw' && isDrawing(value);
}

const isMoment = (value: unknown): boolean => value === undefined || isNumber(value);
const isPlaced = (value: unknown): boolean => isPlace(value) && isMoment((value as { ms?: unknown }).ms);
const isStroke = (value: unknown): boolean =>
	isLoose(value) &&
	isCount(value.node) &&
	Array.isArray(value.points) &&
	value.points.every(isPoint) &&
	isMoment(value.from) &&
	isMoment(value.to);

/** What a helper showed once, out of the log. */
export function isShownStretch(value: unknown): value is ShownStretch {
	if (!isLoose(value) || !isText(value.pageId) || !isNumber(value.at) || !isNumber(value.ms)) return false;
	if (!isLoose(value.by) || !isText(value.by.staffId) || !isText(value.by.name)) return false;
	const { places, strokes } = value;
	return Array.isArray(places) && places.every(isPlaced) && Array.isArray(strokes) && strokes.every(isStroke);
}
