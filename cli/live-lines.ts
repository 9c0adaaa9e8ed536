import type { Terminal } from './terminal.ts';

/** Ten pictures a second are enough for a bar. */
const redrawMs = 100;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const clearBelow = '\u001b[0J';

/** Lines at the bottom of the terminal that are drawn over and over, at most ten times a second. */
export class LiveLines {
  readonly #terminal: Terminal;
  readonly #picture: () => readonly string[];
  readonly #timer: NodeJS.Timeout;
  #drawn = 0;
  #last = '';

  constructor(terminal: Terminal, picture: () => readonly string[]) {
    this.#terminal = terminal;
    this.#picture = picture;
    terminal.draw(hideCursor);
    terminal.setAbove((line) => this.#writeAbove(line));
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), redrawMs);
  }

  /** Draws the last state and leaves it standing. */
  end(): void {
    clearInterval(this.#timer);
    this.#terminal.setAbove(null);
    this.#draw();
    this.#terminal.draw(showCursor);
  }

  #draw(): void {
    const lines = this.#picture();
    const text = lines.map((line) => `${line}\n`).join('');
    if (text === this.#last) return;
    // One write, so that no half picture is seen.
    this.#terminal.draw(`${this.#toTop()}${text}`);
    this.#drawn = lines.length;
    this.#last = text;
  }

  #writeAbove(line: string): void {
    this.#terminal.draw(`${this.#toTop()}${line}\n${this.#last}`);
  }

  #toTop(): string {
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A`;
    return `${up}\r${clearBelow}`;
  }
}
