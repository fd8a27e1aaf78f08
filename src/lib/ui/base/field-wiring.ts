/** What a field hands to its control, so that label, hint and error are announced with it. */
export type FieldWiring = { id: string; describedBy: string | undefined; invalid: boolean };
