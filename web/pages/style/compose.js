import { field, letters, notice } from '../../components/form.js';
import { guardLeaving } from '../../components/leaving.js';
import { bone, present, skeleton } from '../../components/states.js';
import '../../components/style/composer.js';
import { keptShot } from '../../components/style/picture-file.js';
import { missingPost } from '../../components/style/post-card.js';
import { articleOf } from '../../components/style/product-picker.js';
import { suggesting } from '../../components/style/suggest.js';
import { toast } from '../../components/toast.js';
import { fieldWords } from '../../components/field-words.js';
import { api, explain, posts, session, t } from '../../core/context.js';
import { MOST_LETTERS } from '../../core/compose.js';
import { define, fill, h } from '../../core/element.js';
import { currentRouter, navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { mediaPath } from '../../core/paths.js';
import { Problem } from '../../core/problem.js';

/**
 * @typedef {import('../../core/style-types.js').Post} Post
 * @typedef {import('../../components/style/composer.js').Composer} Composer
 */

const POSTS = '/api/styles/posts/';

/** A new post, or one of mine that is changed. */
class ComposePage extends Page {
  #composer = /** @type {Composer} */ (h('rally-composer'));
  #words = this.#field();
  #alert = h('div', { class: 'form-alert', role: 'alert' });
  #bar = h('progress', { class: 'compose-progress', max: 1, value: 0, hidden: true });
  #submit = h('button', { type: 'submit', class: 'button button-accent button-wide' });
  #cancel = h('button', { type: 'button', class: 'button button-line' });
  #dirty = false;
  /** @type {AbortController|null} */
  #sending = null;

  get #id() {
    return this.params['id'] ?? null;
  }

  /** @override */
  connected() {
    this.#dirty = false;
    this.#sending = null;
    this.#composer = /** @type {Composer} */ (h('rally-composer'));
    this.#words = this.#field();
    this.#composer.onedit = () => this.#changed();
    this.#words.control.addEventListener('input', () => this.#changed());
    guardLeaving(() => this.#dirty, this.signal);
    this.signal.addEventListener('abort', () => this.#sending?.abort());
    if (this.#id) {
      this.ready = present(this, {
        signal: this.signal,
        skeleton: composeBones,
        load: (signal) => this.#read(signal),
        show: ({ post, shots }) => this.#edit(post, shots),
        failed: (problem) => (problem.status === 404 ? missingPost() : null),
      });
      return;
    }
    this.replaceChildren(this.#form(t('compose.title')));
    this.ready = this.#begin();
  }

  /** What the address brings along: an article, a tag. */
  async #begin() {
    const tag = this.query.get('tag');
    if (tag) this.#write(`#${tag} `);
    const info = this.query.get('info') ?? '';
    if (!/^[1-9]\d{0,17}$/.test(info)) return;
    try {
      const article = articleOf(await api.get(`/api/shop/productinfos/${info}/`, { signal: this.signal }));
      this.#composer.add(article);
      this.#dirty = false;
    } catch {
      // Chosen again in a moment, by whoever wants it.
    }
  }

  /** @param {AbortSignal} signal */
  async #read(signal) {
    /** @type {Post} */
    const post = await api.get(`${POSTS}${this.#id}/`, { signal });
    if (post.created_by.user_id !== session.user?.id) {
      throw new Problem({ status: 404, code: 'route.not_found' });
    }
    const shots = await Promise.all(post.images.map((address) => keptShot(address, mediaPath(address))));
    return { post, shots };
  }

  /** @param {Post} post @param {import('../../core/compose.js').Shot[]} shots */
  #edit(post, shots) {
    const composer = this.#composer;
    composer.kept = post.images.length > 0 ? post.image_ratio : null;
    const tags = post.products.map(({ x, y, picture = 0, ...article }) => {
      const shot = x == null || y == null ? undefined : shots[picture];
      const place = shot ? composer.placeOn(shot, { x: x ?? 0.5, y: y ?? 0.5 }) : { x: 0.5, y: 0.5 };
      return { ...article, shot: shot?.id ?? null, ...place };
    });
    this.#write(post.content);
    const form = this.#form(t('compose.edit_title'));
    queueMicrotask(() => composer.load(shots, tags));
    return form;
  }

  /** @param {string} text */
  #write(text) {
    this.#words.control.value = text;
    this.#words.control.dispatchEvent(new Event('input'));
    this.#dirty = false;
  }

  #changed() {
    this.#dirty = true;
    fill(this.#alert);
  }

  #field() {
    const area = h('textarea', {
      class: 'input input-text',
      name: 'content',
      rows: '6',
      placeholder: t('compose.placeholder'),
    });
    const made = field({
      label: t('compose.words'),
      hint: t('compose.words_hint'),
      limit: MOST_LETTERS,
      control: area,
    });
    const place = h('span');
    area.replaceWith(place);
    place.replaceWith(suggesting(area));
    return made;
  }

  /** @param {string} title */
  #form(title) {
    this.#submit.textContent = t(this.#id ? 'compose.save' : 'compose.send');
    this.#cancel.textContent = t('action.cancel');
    this.#cancel.onclick = () => this.#sending?.abort();
    this.#cancel.hidden = true;
    this.#bar.setAttribute('aria-label', t('compose.progress'));
    return h(
      'form',
      {
        class: 'compose',
        novalidate: true,
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          this.#send();
        },
      },
      h('h1', null, title),
      this.#composer,
      h(
        'div',
        { class: 'compose-side' },
        this.#words.element,
        h(
          'section',
          { class: 'compose-section' },
          h('h2', { class: 'label' }, t('post.products')),
          h('p', { class: 'field-hint' }, t('compose.products_hint')),
          this.#composer.products,
        ),
        this.#alert,
        this.#bar,
        h('div', { class: 'dialog-actions' }, this.#cancel, this.#submit),
      ),
    );
  }

  /** @returns {boolean} there is something to send, and not too much of it */
  #check() {
    const n = letters(this.#words.control.value);
    if (n > MOST_LETTERS) this.#words.setError(t('admin.said.longest', { max: MOST_LETTERS }));
    else if (n === 0 && this.#composer.pictures === 0) this.#words.setError(t('compose.nothing'));
    else return true;
    this.#words.control.focus();
    return false;
  }

  async #send() {
    if (this.#sending) return;
    fill(this.#alert);
    if (!this.#check()) return;
    const sending = new AbortController();
    this.#sending = sending;
    this.#busy(true);
    try {
      const body = new FormData();
      body.append('content', this.#words.control.value.trim());
      await this.#composer.write(body, this.#id === null);
      /** @type {Post} */
      const post = await api.upload(
        this.#id ? 'PATCH' : 'POST',
        this.#id ? `${POSTS}${this.#id}/` : POSTS,
        body,
        { signal: sending.signal, onprogress: (share) => (this.#bar.value = share) },
      );
      if (this.signal.aborted) return;
      this.#dirty = false;
      posts.made(post);
      toast(t(this.#id ? 'compose.saved' : 'compose.sent'));
      const place = `/style/posts/${post.id}`;
      // One step back stands the post as it was: it is read anew there.
      if (this.#id && currentRouter().from === place) history.back();
      else navigate(place, { replace: true });
    } catch (error) {
      if (this.signal.aborted) return;
      if (sending.signal.aborted) toast(t('compose.cancelled'));
      else this.#failed(error);
    } finally {
      this.#sending = null;
      this.#busy(false);
    }
  }

  /** @param {boolean} on */
  #busy(on) {
    this.#bar.hidden = !on;
    this.#bar.value = 0;
    this.#cancel.hidden = !on;
    if (on) this.#submit.setAttribute('aria-busy', 'true');
    else this.#submit.removeAttribute('aria-busy');
    this.#composer.inert = on;
  }

  /** What is wrong stands at its place: the words, the pictures, or above the button. @param {unknown} error */
  #failed(error) {
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    const { content = [], image = [], images = [], ...rest } = problem.errors;
    /** @param {string[]} said */
    const words = (said) => said.map(fieldWords).join(' ');
    if (content.length > 0) {
      this.#words.setError(words(content));
      this.#words.control.focus();
    }
    const pictures = [...image, ...images];
    if (pictures.length > 0) this.#composer.complain(words(pictures));
    else if (problem.code.startsWith('blob.')) this.#composer.complain(explain(problem));
    else if (content.length === 0) {
      const others = Object.values(rest).flat();
      fill(this.#alert, notice('bad', others.length > 0 ? words(others) : explain(problem)));
    }
  }
}

function composeBones() {
  return skeleton(
    h(
      'div',
      { class: 'compose' },
      bone('tile'),
      h('div', { class: 'compose-side' }, bone('bone-block'), bone('w-60')),
    ),
  );
}

define('page-compose', ComposePage);
