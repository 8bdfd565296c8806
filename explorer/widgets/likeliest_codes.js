// The likeliest codes for the next gap of a sample, each with its probability; a click picks one.

import {button, countPaint, format, make, paint} from './kit.js';

// The level whose codes are filled now, or none where every code is there.
export const levelToFill = (levels, answer) => levels.find(level => answer[`${level}_next`] >= 0);

export class Likeliest {
  #answer = null;

  constructor(element, props, state, onPick) {
    Object.assign(this, {element, props, state, onPick});
    this.title = make('div', `le-label le-symbol-${props.symbol}`);
    this.codes = make('div', 'le-next');
    this.codes.style.gridTemplateColumns = `repeat(${props.columns}, ${props.tile + 4}px)`;
    element.append(this.title, this.codes);
  }

  show(answer) {
    this.#answer = answer;
    this.#draw();
  }

  #draw() {
    if (!this.#answer) return;
    const sample = this.state.get(this.props.which);
    const level = levelToFill(this.props.levels, this.#answer);
    const [tiles, numbers] = this.#tilesOf(level).map(key => this.state.get(key));
    const isEnded = !level || !tiles || !numbers;
    this.title.textContent = isEnded ? 'Every code is there' : this.props.title.replace('{}', sample + 1);
    const {data: codes, shape: [, count]} = this.#answer.likeliest;
    while (this.codes.children.length < count) this.codes.append(this.#codeButton());
    Array.from(this.codes.children).forEach((node, i) => {
      const [code, chance] = [codes, this.#answer.probabilities.data].map(data => data[sample * count + i]);
      node.hidden = isEnded || !(chance > 0);
      if (!node.hidden) drawCode(node, code, chance, tiles, numbers);
    });
    countPaint(this.element);
  }

  #codeButton() {
    const node = button('', () => this.onPick(Number(node.dataset.code)));
    node.className = '';
    node.append(make('canvas'), make('span'));
    return node;
  }

  #tilesOf(level) {
    return [this.props.tiles, this.props.numbers].map(key => key.replace('{}', level));
  }

  follow() {
    this.state.subscribe([this.props.which], () => this.#draw());
    for (const level of this.props.levels) this.state.subscribe(this.#tilesOf(level), () => this.#draw());
  }
}

function drawCode(node, code, chance, tiles, numbers) {
  node.dataset.code = code;
  node.setAttribute('aria-label', `code ${code}, ${format(chance, 1)} %`);
  paint(node.firstChild, tiles, numbers.data.indexOf(code));
  node.lastChild.textContent = format(chance, chance < 9.95 ? 1 : 0);
}
