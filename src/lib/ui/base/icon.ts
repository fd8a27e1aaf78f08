import type { LucideProps } from '@lucide/svelte';
import type { Component } from 'svelte';

/** An icon handed over as a component, e.g. the default export of `@lucide/svelte/icons/search`. */
export type Icon = Component<LucideProps>;
