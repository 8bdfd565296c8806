// A codebook in a plane: each code as its tile, and lines to it from the encoder's outputs for the cells of a picture.

import {Layer, Tiles, paintLit, paintPlane, paintTile} from './codebook_paint.js';
import {format, make, onTheme} from './kit.js';
import {PointMap, buildFrame} from './point_map.js';
import {Index} from './scatter_geometry.js';
import {zoomButtons} from './scatter_tools.js';
import {tabState} from './store.js';

export function mount({element, props}) {
  const map = new CodebookMap(tabState(props.tab), props, build(element, props));
  map.listen();
  map.tools.append(...zoomButtons(map), ...meanings());
  map.follow();
}

function build(element, props) {
  const title = make('div', 'le-label le-symbol-z', props.title);
  const tools = make('div', 'le-tools');
  const caption = make('div', 'le-caption');
  const [tile, words] = [make('canvas', 'le-tile'), make('span')];
  const {frame, ...nodes} = buildFrame(props, `${props.title}. Arrow keys walk from code to code, with Shift they move the ` +
    'map; Enter chooses, plus and minus zoom, 0 shows all.');
  caption.append(tile, words);
  tile.ariaHidden = true;
  if (props.hint) title.append(make('small', 'le-hint', props.hint));
  element.append(title, frame, tools, caption);
  return {tools, tile, words, ...nodes};
}

// What is drawn, in its colours.
function meanings() {
  const texts = [['z_e of a cell, and a line to its code', 'var(--x)'], ['z_e of other pictures', 'var(--body-text-color-subdued)']];
  return texts.map(([text, colour]) => {
    const node = make('span', 'le-key', text);
    node.style.setProperty('--colour', colour);
    return node;
  });
}

// Its points are the codes; all that can be pointed at are these, and after them the outputs.
class CodebookMap extends PointMap {
  mode = 'pan';  // what dragging does; there is nothing else
  tiles = new Tiles();

  // ---- What is known

  #value(name) {
    return this.state.get(this.props[name]);
  }

  // Points with the code of each, of "outputs" or "others"; none while they are those of another model.
  layer(name) {
    return new Layer(this.#value(name), this.#value(name === 'outputs' ? 'output_codes' : 'other_codes'));
  }

  get lit() {
    return this.#value('lit');
  }

  // The code under the pointer, or the chosen one.
  get seen() {
    return this.lit >= 0 ? this.lit : this.#value('code');
  }

  #codeOf(point) {
    const count = this.points.shape[0];
    return point < count ? point : this.layer('outputs').codes[point - count];
  }

  // ---- Painting

  get isReady() {
    return this.points && this.#value('places') === this.points;
  }

  paintBase() {
    paintPlane(this);
  }

  paintOver() {
    paintLit(this, {seen: this.seen, chosen: this.#value('code'), cell: this.#value('cell')});
    this.#tell();
  }

  #tell() {
    const [tiles, numbers, shares] = ['tiles', 'numbers', 'shares'].map(name => this.#value(name));
    const share = shares?.data[numbers?.data.indexOf(this.seen)];
    if (tiles && numbers) paintTile(this.tile, tiles, numbers, this.seen);
    const {codes} = this.layer('outputs');
    const chose = codes.filter(code => code === this.seen).length;
    const used = share === undefined ? '' : `${format(share, 2)} % of all cells of test pictures, `;
    this.words.textContent = `Code ${this.seen}: ${used}${chose} of this picture’s ${codes.length}`;
  }

  // ---- What the hand does

  // Previews the code of a point, and the cell whose output it is.
  light(point) {
    const {state, props, points: {shape: [count]}} = this;
    const code = this.#codeOf(point);
    if (point < count) state.restore(props.cell);
    else if (point - count !== this.#value('cell')) state.preview(props.cell, point - count);
    if (code !== this.lit) state.preview(props.lit, code);
  }

  leave() {
    this.state.restore(this.props.cell);
    this.state.restore(this.props.lit);
  }

  choose(point) {
    if (point >= 0) this.state.set(this.props.code, this.#codeOf(point));
  }

  showAll() {
    this.view.fit(joined([this.points, this.#value('others')]));
  }

  // ---- What changes elsewhere

  setPlaces(places) {
    if (places !== this.points) {
      this.points = places;
      this.showAll();
    }
    this.setOutputs();
  }

  setOutputs() {
    if (!this.points) return;
    this.index = new Index(joined([this.points, this.layer('outputs').points]));
    this.redraw('base');
  }

  follow() {
    const {state, props} = this;
    state.subscribe([props.places, props.others, props.other_codes], places => this.setPlaces(places));
    state.subscribe([props.outputs, props.output_codes], () => this.setOutputs());
    state.subscribe([props.tiles, props.numbers], (tiles, numbers) => {
      this.tiles.set(tiles, numbers);
      this.redraw('base');
    });
    for (const key of [props.lit, props.code, props.cell, props.shares]) state.subscribe([key], () => this.redraw('over'));
    onTheme(() => this.redraw('base'));
  }
}

// Several arrays of points as one.
function joined(arrays) {
  const data = Float32Array.from(arrays.flatMap(array => Array.from(array.data)));
  return {data, shape: [data.length / 2, 2]};
}
