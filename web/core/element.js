/**
 * Building nodes and custom elements. Text becomes text nodes, never markup, so nothing has to be escaped.
 *
 * @typedef {Node|string|number|null|undefined|false|Child[]} Child
 * @typedef {Record<string, any>} Props
 */

const SVG = 'http://www.w3.org/2000/svg';

/** Set as properties because the attribute of the same name means something else, or only the start value. */
const PROPERTIES = new Set(['value', 'checked', 'selected', 'disabled', 'hidden', 'indeterminate', 'open']);

/**
 * @param {Element} element
 * @param {string} name
 * @param {any} value
 */
function assign(element, name, value) {
  const target = /** @type {any} */ (element);
  if (name === 'class') {
    if (value) element.setAttribute('class', value);
  } else if (name === 'dataset') {
    for (const [key, entry] of Object.entries(value)) if (entry != null) target.dataset[key] = String(entry);
  } else if (name === 'vars') {
    // Custom properties only: the policy forbids style attributes, and looks belong into style sheets.
    for (const [key, entry] of Object.entries(value)) target.style.setProperty(`--${key}`, String(entry));
  } else if (name.startsWith('on') && typeof value === 'function') {
    element.addEventListener(name.slice(2), value);
  } else if (name.startsWith('aria-')) {
    if (value != null) element.setAttribute(name, String(value));
  } else if (PROPERTIES.has(name) || (element.localName.includes('-') && name in element && name !== 'id')) {
    target[name] = value;
  } else if (value != null && value !== false) {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** @param {Node} parent @param {Child} child */
function append(parent, child) {
  if (child == null || child === false || child === '') return;
  if (Array.isArray(child)) for (const entry of child) append(parent, entry);
  else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @overload
 * @param {K} tag
 * @param {Props|null} [props]
 * @param {...Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
/**
 * @overload
 * @param {string} tag
 * @param {Props|null} [props]
 * @param {...Child[]} children
 * @returns {HTMLElement}
 */
/**
 * @param {string} tag
 * @param {Props|null} [props]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  // Children first: a select can only take its value when the option is there.
  append(element, children);
  for (const [name, value] of Object.entries(props ?? {})) assign(element, name, value);
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * Replaces the children of a node.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * Brings the children of a node in line with a list and keeps the nodes that stay: what has the focus keeps
 * it, and what the reader looks at doesn't blink.
 *
 * @template T
 * @template {HTMLElement} E
 * @param {Element} parent
 * @param {T[]} items
 * @param {object} how
 * @param {(item: T) => string|number} how.key
 * @param {(item: T) => E} how.create
 * @param {(node: E, item: T) => void} [how.update]
 */
export function reconcile(parent, items, { key, create, update }) {
  /** @type {Map<string, E>} */
  const old = new Map();
  for (const node of parent.children) {
    const element = /** @type {E} */ (node);
    if (element.dataset['key'] !== undefined) old.set(element.dataset['key'], element);
  }
  /** @type {Element|null} */
  let before = null;
  for (const item of items) {
    const name = String(key(item));
    let node = old.get(name);
    if (node) {
      old.delete(name);
      update?.(node, item);
    } else {
      node = create(item);
      node.dataset['key'] = name;
    }
    /** @type {Element|null} */
    const place = before ? before.nextElementSibling : parent.firstElementChild;
    if (place !== node) parent.insertBefore(node, place);
    before = node;
  }
  for (const node of old.values()) node.remove();
}

/**
 * Plays an animation from its beginning, also one that was played before.
 *
 * @param {Element} element
 * @param {'shake'|'flash'} name of the class that has it
 */
export function play(element, name) {
  element.classList.remove(name);
  // Reading the layout restarts the animation.
  element.getBoundingClientRect();
  element.classList.add(name);
}

/**
 * A custom element whose work ends when it leaves the document.
 */
export class RallyElement extends HTMLElement {
  #life = new AbortController();

  /** Aborted when the element leaves: for requests, listeners and subscriptions. */
  get signal() {
    return this.#life.signal;
  }

  connectedCallback() {
    // A node that was moved starts anew.
    if (this.#life.signal.aborted) this.#life = new AbortController();
    this.connected();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** Draws the element. Runs each time it enters the document. */
  connected() {}

  /**
   * @template T
   * @param {import('./store.js').Store<T>} store
   * @param {(value: T, previous: T) => void} listener
   */
  watch(store, listener) {
    store.subscribe(listener, this.signal);
  }

  /**
   * @param {EventTarget} target
   * @param {string} type
   * @param {(event: any) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  listen(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { ...options, signal: this.signal });
  }
}

/**
 * Registers an element once; a second import of the same name is a mistake that should be seen at once.
 *
 * @param {string} tag
 * @param {CustomElementConstructor} constructor
 */
export function define(tag, constructor) {
  customElements.define(tag, constructor);
}

let counter = 0;

/** @param {string} prefix @returns {string} an id that is unique on the page */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
