/** One row of a list of keys: `shown` is drawn as a key ("Space or K", "1 … 9"), `text` says what it does. */
export type ShownKey = { shown: string; text: string };

/** Keys that belong together, under a title. */
export type KeyGroup<Key extends ShownKey = ShownKey> = { title: string; keys: readonly Key[] };
