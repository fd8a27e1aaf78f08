/** The five meanings a colour may carry; colour is never the only sign of any of them. */
export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'danger';
