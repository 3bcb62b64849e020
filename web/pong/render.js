import { leaps } from './perception.js';
import { BALL_RADIUS, COURT_HEIGHT, COURT_WIDTH, PADDLE_INSET } from './sim.js';

/**
 * The court on a canvas, as sharp as the screen is. Its colours come from the style sheets. The sides differ by colour
 * and by form: left is one solid bar, right is striped, so nobody has to tell the colours apart.
 *
 * @typedef {import('./sim.js').Side} Side
 *
 * @typedef {object} Scene
 * @property {number} x of the ball
 * @property {number} y
 * @property {number} vx
 * @property {number} vy
 * @property {[number, number]} paddles
 * @property {number} half
 * @property {[number, number]} score
 * @property {boolean} gone
 * @property {number|null} countdown whole seconds, until the ball flies
 *
 * @typedef {object} Words
 * @property {[string, string]} names under the scores
 * @property {(hits: number) => string} rally
 */

const PADDLE_THICK = 2_000;
const TRAIL = 9;
const TRAIL_MS = 16;
const FLASH_MS = 700;
/** A short rally is none to be counted. */
const COUNTED = 3;

const COLOURS = /** @type {const} */ ({
  ground: '--court',
  line: '--court-line',
  ink: '--court-ink',
  soft: '--court-soft',
  ball: '--court-ball',
  left: '--court-left',
  right: '--court-right',
  leftSoft: '--court-left-soft',
  rightSoft: '--court-right-soft',
});

/** @typedef {Record<keyof typeof COLOURS, string>} Palette */

export class Renderer {
  /** @type {Side[]} */
  mine = [];
  /** @type {Words} */
  words = { names: ['', ''], rally: () => '' };
  /** Nothing flickers, and nothing drags behind. */
  calm = false;
  #canvas;
  #context;
  /** Pixels of a court's unit. */
  #scale = 1;
  #font = 'sans-serif';
  /** @type {Palette|null} */
  #palette = null;
  /** @type {{x: number, y: number, vx: number}[]} */
  #trail = [];
  #trailed = 0;
  /** @type {[number, number]|null} */
  #score = null;
  /** @type {{side: Side, at: number}|null} */
  #flash = null;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  /** Follows the size of the canvas and the colours of the page. @param {AbortSignal} signal */
  follow(signal) {
    const sizes = new ResizeObserver(() => this.fit());
    sizes.observe(this.#canvas);
    const themes = new MutationObserver(() => (this.#palette = null));
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    signal.addEventListener('abort', () => {
      sizes.disconnect();
      themes.disconnect();
    });
    this.fit();
  }

  fit() {
    const { width, height } = this.#canvas.getBoundingClientRect();
    const ratio = devicePixelRatio || 1;
    const across = Math.max(1, Math.round(width * ratio));
    const down = Math.max(1, Math.round(height * ratio));
    if (this.#canvas.width !== across || this.#canvas.height !== down) {
      this.#canvas.width = across;
      this.#canvas.height = down;
    }
    this.#scale = across / COURT_WIDTH;
    this.#palette = null;
  }

  /** @returns {Palette} */
  #colours() {
    if (this.#palette) return this.#palette;
    const style = getComputedStyle(this.#canvas);
    this.#font = style.fontFamily || 'sans-serif';
    const read = Object.entries(COLOURS).map(([name, token]) => [name, style.getPropertyValue(token).trim()]);
    this.#palette = /** @type {Palette} */ (Object.fromEntries(read));
    return this.#palette;
  }

  /** Another match, or another moment of it: what was shown before has nothing to do with it. */
  forget() {
    this.#trail = [];
    this.#score = null;
    this.#flash = null;
  }

  /** @param {Scene & {hits: number}} scene @param {number} now milliseconds */
  draw(scene, now) {
    const context = this.#context;
    if (!context) return;
    const colours = this.#colours();
    this.#notice(scene, now);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = colours.ground;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#drawFlash(context, colours, now);
    this.#drawLines(context, colours);
    this.#drawScore(context, colours, scene);
    if (!this.calm) this.#drawTrail(context, colours);
    this.#drawPaddle(context, colours, 0, scene);
    this.#drawPaddle(context, colours, 1, scene);
    if (scene.countdown === null) this.#drawBall(context, colours, scene);
    else this.#drawCountdown(context, colours, scene.countdown);
  }

  /** @param {Scene} scene @param {number} now */
  #notice({ x, y, vx, score }, now) {
    const before = this.#score;
    if (before) {
      const side = score[0] > before[0] ? 0 : score[1] > before[1] ? 1 : null;
      if (side !== null) this.#flash = { side, at: now };
    }
    this.#score = [...score];
    const last = this.#trail.at(-1);
    if (last && leaps(last, { x, vx })) this.#trail = [];
    if (now - this.#trailed < TRAIL_MS) return;
    this.#trailed = now;
    this.#trail.push({ x, y, vx });
    if (this.#trail.length > TRAIL) this.#trail.shift();
  }

  /** @param {number} units @returns {number} whole pixels, so that edges are sharp */
  #px(units) {
    return Math.round(units * this.#scale);
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours @param {number} now */
  #drawFlash(context, colours, now) {
    if (!this.#flash) return;
    const { side, at } = this.#flash;
    const left = 1 - (now - at) / FLASH_MS;
    if (left <= 0) {
      this.#flash = null;
      return;
    }
    const middle = this.#px(COURT_WIDTH / 2);
    context.globalAlpha = this.calm ? 1 : left;
    context.fillStyle = side === 0 ? colours.leftSoft : colours.rightSoft;
    context.fillRect(side === 0 ? 0 : middle, 0, middle, this.#canvas.height);
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours */
  #drawLines(context, colours) {
    const { width, height } = this.#canvas;
    const thick = Math.max(1, this.#px(320));
    context.fillStyle = colours.line;
    context.fillRect(0, 0, width, thick);
    context.fillRect(0, height - thick, width, thick);
    const x = Math.round((width - thick) / 2);
    const dash = this.#px(2_400);
    for (let y = Math.round(dash / 2); y < height; y += 2 * dash) context.fillRect(x, y, thick, dash);
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours @param {Scene & {hits: number}} scene */
  #drawScore(context, colours, { score, hits }) {
    const size = this.#px(17_000);
    const small = Math.max(10, this.#px(3_600));
    context.textAlign = 'center';
    context.textBaseline = 'top';
    for (const side of /** @type {Side[]} */ ([0, 1])) {
      const x = this.#px(side === 0 ? COURT_WIDTH * 0.27 : COURT_WIDTH * 0.73);
      context.font = `800 ${size}px ${this.#font}`;
      context.fillStyle = colours.soft;
      context.fillText(String(score[side]), x, this.#px(6_500));
      const own = this.mine.length === 1 && this.mine[0] === side;
      context.font = `${own ? 800 : 600} ${small}px ${this.#font}`;
      context.fillStyle = own ? (side === 0 ? colours.left : colours.right) : colours.ink;
      context.fillText(this.words.names[side], x, this.#px(25_000), this.#px(COURT_WIDTH * 0.36));
    }
    if (hits < COUNTED) return;
    context.font = `600 ${small}px ${this.#font}`;
    context.textBaseline = 'bottom';
    const words = this.words.rally(hits);
    const middle = this.#px(COURT_WIDTH / 2);
    const bottom = this.#px(COURT_HEIGHT - 3_000);
    const wide = context.measureText(words).width + small;
    context.fillStyle = colours.ground;
    context.fillRect(middle - wide / 2, bottom - small * 1.25, wide, small * 1.5);
    context.fillStyle = colours.ink;
    context.fillText(words, middle, bottom);
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours */
  #drawTrail(context, colours) {
    context.fillStyle = colours.ball;
    this.#trail.forEach(({ x, y }, i) => {
      const part = (i + 1) / (this.#trail.length + 1);
      context.globalAlpha = 0.22 * part;
      this.#disc(context, x, y, BALL_RADIUS * (0.4 + 0.6 * part));
    });
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
  #disc(context, x, y, radius) {
    context.beginPath();
    context.arc(x * this.#scale, y * this.#scale, Math.max(1.5, radius * this.#scale), 0, 2 * Math.PI);
    context.fill();
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours @param {Side} side @param {Scene} scene */
  #drawPaddle(context, colours, side, { paddles, half }) {
    if (half <= 0) return;
    const thick = Math.max(3, this.#px(PADDLE_THICK));
    const face = this.#px(side === 0 ? PADDLE_INSET : COURT_WIDTH - PADDLE_INSET);
    const x = side === 0 ? face - thick : face;
    const top = (paddles[side] - half) * this.#scale;
    const height = 2 * half * this.#scale;
    const colour = side === 0 ? colours.left : colours.right;
    const round = Math.min(thick / 2, this.#px(600));
    context.save();
    context.beginPath();
    context.roundRect(x, top, thick, height, round);
    context.fillStyle = colour;
    if (side === 0) context.fill();
    else {
      // Stripes in an outline.
      context.save();
      context.clip();
      const gap = Math.max(4, thick * 0.8);
      for (let y = top; y < top + height; y += 2 * gap) context.fillRect(x, y, thick, gap);
      context.restore();
      const line = Math.max(1, Math.round(thick / 6));
      context.lineWidth = line;
      context.strokeStyle = colour;
      context.beginPath();
      context.roundRect(x + line / 2, top + line / 2, thick - line, height - line, round);
      context.stroke();
    }
    context.restore();
    if (this.mine.length === 1 && this.mine[0] === side) this.#drawMark(context, colour, side, paddles[side]);
  }

  /** Which paddle is mine: an arrow behind it. @param {CanvasRenderingContext2D} context @param {string} colour @param {Side} side @param {number} y */
  #drawMark(context, colour, side, y) {
    const tip =
      side === 0 ? PADDLE_INSET - PADDLE_THICK - 700 : COURT_WIDTH - PADDLE_INSET + PADDLE_THICK + 700;
    const back = side === 0 ? tip - 1_500 : tip + 1_500;
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(tip * this.#scale, y * this.#scale);
    context.lineTo(back * this.#scale, (y - 1_300) * this.#scale);
    context.lineTo(back * this.#scale, (y + 1_300) * this.#scale);
    context.fill();
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours @param {Scene} scene */
  #drawBall(context, colours, { x, y }) {
    context.fillStyle = colours.ball;
    this.#disc(context, x, y, BALL_RADIUS);
  }

  /** @param {CanvasRenderingContext2D} context @param {Palette} colours @param {number} seconds */
  #drawCountdown(context, colours, seconds) {
    const size = this.#px(22_000);
    const x = this.#px(COURT_WIDTH / 2);
    const y = this.#px(COURT_HEIGHT / 2);
    context.fillStyle = colours.ground;
    context.beginPath();
    context.arc(x, y, size * 0.72, 0, 2 * Math.PI);
    context.fill();
    context.lineWidth = Math.max(1, this.#px(400));
    context.strokeStyle = colours.line;
    context.stroke();
    context.fillStyle = colours.ball;
    context.font = `800 ${size}px ${this.#font}`;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    const words = String(seconds);
    const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = context.measureText(words);
    context.fillText(words, x, y + (up - down) / 2);
  }
}
