// A random page that changes itself, the same for the same seed. Runs in the browser. Whatever pages do to a document and
// the recorder records is done here, several changes at once as well, since that is where orders get mixed up.

type Random = () => number;

function randomOf(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

const WORDS = 'bread flour sugar oven clinic invoice order task client file note paid open late'.split(' ');
const TAGS = [
	'div',
	'p',
	'span',
	'section',
	'ul',
	'li',
	'b',
	'a',
	'article',
	'h2',
	'button',
	'label',
	'table'
];
const COLOURS = ['red', 'rgb(0, 90, 160)', 'hsl(120 50% 40%)', 'gold', 'transparent'];

export class DomProgram {
	private readonly random: Random;
	private keys = 0;
	private sheets: CSSStyleSheet[] = [];

	constructor(seed: number) {
		this.random = randomOf(seed);
	}

	/** One task: some changes of the tree at once, or one of something that is recorded as it happens. */
	async step(): Promise<void> {
		if (this.random() < 0.6) {
			// One move in a task: of several that cross, rrweb loses nodes, which is its fault and not to be proven here.
			if (this.random() < 0.4) this.pick(this.moves)();
			for (let left = 1 + this.below(5); left > 0; left--) this.pick(this.treeChanges)();
		} else this.pick(this.otherChanges)();
		// Recorded mutations come in a microtask; what is recorded at once must not overtake them. And within a frame rrweb
		// takes a node that two of its observers see for one already told.
		await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
	}

	/**
	 * rrweb reports scrolling at most once in 100 ms for all that scrolls together, so of two boxes that moved at once it
	 * names one. Here each is named on its own.
	 */
	async nameScrolls(): Promise<void> {
		for (const target of [document, ...this.roots().flatMap((root) => [...root.querySelectorAll('.box')])]) {
			await new Promise((resolve) => setTimeout(resolve, 120));
			target.dispatchEvent(new Event('scroll', { bubbles: target === document, composed: true }));
		}
	}

	private readonly below = (limit: number): number => Math.floor(this.random() * limit);
	private readonly pick = <T>(from: ArrayLike<T>): T => from[this.below(from.length)] as T;
	private readonly word = (): string => this.pick(WORDS);
	private readonly roots = (): (HTMLElement | ShadowRoot)[] => [
		document.body,
		...[...document.querySelectorAll('[data-host]')].flatMap(({ shadowRoot }) => shadowRoot ?? [])
	];
	private readonly all = <E extends Element = HTMLElement>(selector: string): E[] => [
		...this.pick(this.roots()).querySelectorAll<E>(selector)
	];
	private readonly some = <E extends Element = HTMLElement>(selector: string): E | null =>
		this.pick(this.all<E>(selector)) ?? null;
	/** A place to put something: an element that holds flow content, or a root. */
	private readonly place = (): HTMLElement | ShadowRoot =>
		this.random() < 0.2
			? this.pick(this.roots())
			: (this.some('div,section,ul,article,dialog,details,[data-host]') ?? document.body);
	private readonly marked = <E extends Element>(element: E): E => {
		element.setAttribute('data-k', String(++this.keys));
		return element;
	};

	private put(node: Node): void {
		const parent = this.place();
		if (node.contains(parent)) return;
		parent.insertBefore(node, this.random() < 0.5 ? null : (this.pick(parent.childNodes) ?? null));
	}

	private element(depth = 0): HTMLElement {
		const made = this.marked(document.createElement(this.pick(TAGS)));
		if (this.random() < 0.4) made.className = `${this.word()} ${this.word()}`;
		if (this.random() < 0.8) made.append(`${this.word()} ${this.word()}`);
		if (depth < 3 && this.random() < 0.5) made.append(this.element(depth + 1));
		if (this.random() < 0.2) made.append(' ', document.createComment('c'), this.word());
		return made;
	}

	private readonly treeChanges: (() => void)[] = [
		() => this.put(this.element()),
		() => this.put(this.element()),
		() => this.put(this.element()),
		() => this.put(this.field()),
		() => this.put(this.box()),
		() => this.put(document.createTextNode(this.word())),
		() => this.some('[data-k]')?.remove(),
		() => this.changeText(),
		() => this.changeText(),
		() => this.changeAttribute(),
		() => this.changeAttribute(),
		() => this.changeStyle(),
		() => this.changeStyle(),
		() => this.changeStyle(),
		() => this.rewrite(),
		() => this.drawing()
	];

	private readonly moves: (() => void)[] = [
		() => this.move(),
		() => this.shuffle(),
		() => this.replace(),
		() => this.removeAndBack()
	];

	private readonly otherChanges: (() => void)[] = [
		() => this.typeInto(),
		() => this.typeInto(),
		() => this.tick(),
		() => this.choose(),
		() => this.scroll(),
		() => this.scroll(),
		() => scrollTo(0, this.below(400)),
		() => this.shadow(),
		() => this.styleElement(),
		() => this.changeRules(),
		() => this.changeRules(),
		() => this.changeRules(),
		() => this.adopt(),
		() => this.changeAdopted(),
		() => this.dialog(),
		() => this.toggleDialog(),
		() => this.toggleDialog()
	];

	/** Within its own tree: what leaves a shadow tree for another, rrweb follows no longer. */
	private move(): void {
		const node = this.some('[data-k]');
		const root = node?.getRootNode();
		const targets = (root instanceof ShadowRoot ? root : document.body).querySelectorAll(
			'div,section,ul,article'
		);
		const target = this.pick(targets);
		if (node && target && !node.contains(target))
			target.insertBefore(node, this.pick(target.childNodes) ?? null);
	}

	private removeAndBack(): void {
		const node = this.some('[data-k]');
		const [parent, next] = [node?.parentNode, node?.nextSibling];
		node?.remove();
		if (node && this.random() < 0.7) parent?.insertBefore(node, next ?? null);
	}

	private shuffle(): void {
		const parent = this.place();
		const node = this.pick(parent.childNodes);
		if (node) parent.insertBefore(node, this.pick(parent.childNodes) ?? null);
	}

	private changeText(): void {
		const texts = [...this.place().childNodes].filter((node) => node.nodeType === Node.TEXT_NODE) as Text[];
		const text = this.pick(texts);
		if (!text) return;
		if (this.random() < 0.2 && text.length > 2) text.splitText(1);
		else text.data = this.random() < 0.1 ? '' : `${this.word()} ${this.below(1000)}`;
	}

	private changeAttribute(): void {
		const element = this.some('[data-k]');
		const [name = '', values = []] = this.pick(
			Object.entries({
				class: ['note', 'paid late', ''],
				title: ['A title', '"quoted" & <sharp>'],
				hidden: [''],
				'data-state': ['open', 'closed'],
				'aria-label': ['label'],
				dir: ['rtl', 'ltr'],
				open: ['']
			})
		);
		if (!element || (name === 'open' && element.tagName !== 'DETAILS')) return;
		if (this.random() < 0.35) element.removeAttribute(name);
		else element.setAttribute(name, this.pick(values));
	}

	private changeStyle(): void {
		const element = this.some('[data-k]');
		if (!element) return;
		const size = `${this.below(40)}px`;
		this.pick([
			() => (element.style.marginTop = size),
			() => (element.style.margin = `${size} ${size}`),
			() => (element.style.color = this.pick(COLOURS)),
			() => element.style.setProperty('color', this.pick(COLOURS), 'important'),
			() => (element.style.border = `1px solid ${this.pick(COLOURS)}`),
			() => (element.style.borderLeftWidth = size),
			() =>
				element.style.removeProperty(
					this.pick(['margin-top', 'margin', 'color', 'border-left-width', 'font'])
				),
			() => (element.style.font = `italic ${10 + this.below(10)}px/1.5 serif`),
			() => (element.style.lineHeight = '2'),
			() => element.style.setProperty('--gap', `"a;b" ${size}`),
			() => element.style.setProperty('padding-left', 'var(--gap)'),
			() =>
				element.setAttribute(
					'style',
					`background: ${this.pick(COLOURS)}; padding: ${size} !important; content: "x;y:z"`
				),
			() => element.removeAttribute('style')
		])();
	}

	private rewrite(): void {
		const place = this.some('section,article');
		if (!place) return;
		place.innerHTML = `<p data-k="${++this.keys}">${this.word()} <b>${this.word()}</b><!-- no --></p> <ul><li>${this.word()}<li>x</ul>`;
	}

	private drawing(): void {
		const circle = this.some<SVGElement>('circle');
		if (circle && this.random() < 0.6) return circle.setAttribute('r', String(1 + this.below(20)));
		const svg = this.marked(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
		svg.setAttribute('viewBox', '0 0 40 40');
		svg.innerHTML = '<defs><linearGradient id="g"></linearGradient></defs><circle r="4" cx="20" cy="20"/>';
		this.put(svg);
	}

	private replace(): void {
		const node = this.some('[data-k]');
		const made = this.element();
		if (this.random() < 0.5) node?.replaceWith(made);
		else if (node) {
			node.before(made);
			made.append(node);
		}
	}

	/** Something that scrolls. */
	private box(): HTMLElement {
		const boxes = this.roots().reduce((count, root) => count + root.querySelectorAll('.box').length, 0);
		if (boxes > 2) return this.element();
		const box = this.marked(document.createElement('div'));
		box.className = 'box';
		box.style.cssText = 'overflow: auto; height: 60px; width: 200px';
		const inside = this.marked(document.createElement('div'));
		inside.style.cssText = 'height: 500px; width: 600px';
		box.append(inside);
		return box;
	}

	private field(): HTMLElement {
		const name = `n${++this.keys}`;
		const html = this.pick([
			`<input type="text" value="start">`,
			`<input type="number">`,
			`<input type="range" value="20">`,
			`<input type="checkbox">`,
			`<input type="checkbox" checked>`,
			`<textarea>first</textarea>`,
			`<textarea></textarea>`,
			`<fieldset><input type="radio" name="${name}" value="a" checked><input type="radio" name="${name}" value="b"></fieldset>`,
			`<select><option>one<option>two<option value="3">three</select>`,
			`<select><optgroup label="g"><option>one<option selected>two</optgroup></select>`
		]);
		const holder = this.marked(document.createElement('div'));
		holder.innerHTML = html;
		for (const element of holder.querySelectorAll('input,textarea,select')) this.marked(element);
		return holder;
	}

	private typeInto(): void {
		const field = this.some<HTMLInputElement>(
			'input[type=text],input[type=number],input[type=range],textarea'
		);
		if (!field) return;
		if (field.type === 'text' && this.random() < 0.2) return field.setAttribute('value', this.word());
		field.value =
			this.random() < 0.2
				? ''
				: field.type === 'text' || field.tagName === 'TEXTAREA'
					? this.word()
					: String(this.below(90));
		field.dispatchEvent(new Event('input', { bubbles: true }));
	}

	private tick(): void {
		const box = this.some<HTMLInputElement>('input[type=checkbox],input[type=radio]');
		if (box) box.checked = box.type === 'radio' || !box.checked;
	}

	private choose(): void {
		const select = this.some<HTMLSelectElement>('select');
		if (!select) return;
		if (this.random() < 0.3) select.append(new Option(this.word()));
		else if (this.random() < 0.2) select.options[this.below(select.options.length)]?.remove();
		else select.selectedIndex = this.below(select.options.length);
	}

	private scroll(): void {
		const box = this.some('.box');
		if (box) [box.scrollTop, box.scrollLeft] = [this.below(300), this.below(300)];
	}

	private shadow(): void {
		const host = this.marked(document.createElement('div'));
		host.setAttribute('data-host', '');
		host.append(this.element());
		const shadow = host.attachShadow({ mode: 'open' });
		shadow.append(
			this.element(),
			this.box(),
			this.random() < 0.7 ? document.createElement('slot') : this.field()
		);
		if (this.random() < 0.5) shadow.adoptedStyleSheets = [this.sheet()];
		this.put(host);
	}

	private readonly rule = (): string =>
		`${this.pick(['.note', '.paid', 'p', 'b', 'li', '[data-state=open]', ':host'])} { ${this.pick(['color: teal', 'padding: 7px', 'display: none', 'border: 2px solid', 'letter-spacing: 2px'])}; }`;

	private styleElement(): void {
		const style = this.some<HTMLStyleElement>('style');
		const text = `${this.rule()} @media (min-width: 10px) { ${this.rule()} ${this.rule()} }`;
		if (style && this.random() < 0.7)
			return this.pick([
				() => style.append(this.rule()),
				() => (style.textContent = text),
				() => style.firstChild?.remove(),
				() => style.remove(),
				() => document.head.append(style)
			])();
		const made = this.marked(document.createElement('style'));
		if (this.random() < 0.6) made.append(text);
		if (this.random() < 0.4) made.append(this.rule());
		if (this.random() < 0.5) document.head.append(made);
		else this.put(made);
	}

	private changeRules(): void {
		const sheet = this.some<HTMLStyleElement>('style')?.sheet ?? document.querySelector('style')?.sheet;
		if (sheet) this.changeSheet(sheet);
	}

	private changeSheet(sheet: CSSStyleSheet): void {
		const { cssRules } = sheet;
		const group = [...cssRules].find((rule) => rule instanceof CSSMediaRule);
		const styled = [...cssRules].find((rule) => rule instanceof CSSStyleRule);
		this.pick([
			() => sheet.insertRule(this.rule(), this.below(cssRules.length + 1)),
			() => sheet.insertRule(this.rule(), cssRules.length),
			() => sheet.insertRule(this.rule()),
			() => cssRules.length > 0 && sheet.deleteRule(this.below(cssRules.length)),
			() => group?.insertRule(this.rule(), this.below(group.cssRules.length + 1)),
			() => group && group.cssRules.length > 0 && group.deleteRule(this.below(group.cssRules.length)),
			() => styled?.style.setProperty('color', this.pick(COLOURS), this.pick(['', 'important'])),
			() => styled?.style.setProperty('outline', '1px solid'),
			() => styled?.style.removeProperty(this.pick(['color', 'padding', 'outline']))
		])();
	}

	private sheet(): CSSStyleSheet {
		if (this.sheets.length > 3) return this.pick(this.sheets);
		const made = new CSSStyleSheet();
		made.replaceSync(this.rule() + this.rule());
		this.sheets.push(made);
		return made;
	}

	private adopt(): void {
		const shadow = this.pick(this.roots());
		const target = shadow instanceof ShadowRoot ? shadow : document;
		// Never to none: rrweb does not record that.
		target.adoptedStyleSheets = [this.sheet(), ...(this.random() < 0.4 ? [this.sheet()] : [])];
	}

	private changeAdopted(): void {
		const sheet = this.pick(this.sheets);
		if (sheet && this.random() < 0.3) sheet.replaceSync(this.rule() + this.rule());
		else if (sheet) this.changeSheet(sheet);
	}

	private dialog(): void {
		const dialog = this.marked(document.createElement('dialog'));
		dialog.append(this.element());
		document.body.append(dialog);
	}

	private toggleDialog(): void {
		const dialog = this.pick(document.querySelectorAll('dialog'));
		if (!dialog) return;
		if (dialog.open) dialog.close();
		else if (this.random() < 0.7) dialog.showModal();
		else dialog.show();
	}
}
