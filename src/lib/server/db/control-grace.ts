/**
 * For so long after its end control still counts at the gate: a click may be under way as a request. Attack: a holder without a right
 * clicks and gives control back in the same moment.
 */
export const GRACE_SECONDS = 3;
