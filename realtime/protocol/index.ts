// The door of the wire. Browsers import types and the limits only: a schema would drag zod into the recorder.
export * from './limits.ts';
export * from './refusals.ts';
export * from './session.ts';
export * from './record.ts';
export * from './watch.ts';
export * from './help.ts';
export * from './control.ts';
