import { tv, type VariantProps } from 'tailwind-variants/lite';

/** One look for everything that is pressed, so that a link and a button of one row stand alike. */
export const buttonStyle = tv({
	base: 'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap select-none transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
	variants: {
		variant: {
			primary:
				'border-transparent bg-accent text-on-accent shadow-control enabled:hover:bg-accent-hover [a&]:hover:bg-accent-hover',
			secondary:
				'border-line-strong bg-surface text-text shadow-control enabled:hover:bg-hover [a&]:hover:bg-hover',
			ghost:
				'border-transparent text-text-muted enabled:hover:bg-hover enabled:hover:text-text [a&]:hover:bg-hover [a&]:hover:text-text',
			danger:
				'border-transparent bg-danger-fill text-on-danger shadow-control enabled:hover:brightness-90 [a&]:hover:brightness-90',
			'danger-outline':
				'border-danger-line bg-surface text-danger shadow-control enabled:hover:bg-danger-soft [a&]:hover:bg-danger-soft'
		},
		size: {
			sm: 'h-7 px-2.5 text-sm pointer-coarse:h-9',
			md: 'h-8 px-3 text-sm pointer-coarse:h-10',
			'icon-sm': 'size-7 pointer-coarse:size-9',
			'icon-md': 'size-8 pointer-coarse:size-10'
		}
	},
	defaultVariants: { variant: 'secondary', size: 'md' }
});

/** The looks a button may have. */
export type ButtonVariant = NonNullable<VariantProps<typeof buttonStyle>['variant']>;
