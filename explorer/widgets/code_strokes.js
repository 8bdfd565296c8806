// What a hand does to a grid of codes, and how it is undone. Two maps of one grid share all of it through the tab's state.

const PAST = 100;  // strokes that can be undone

export class Strokes {
  #pressed = false;
  #masking = false;  // whether the stroke takes codes away, or brings them back

  // keys: those of the grid's codes, of the chosen code, and of another grid to take codes from. The first tool is in hand
  // where there is but one.
  constructor(state, {codes, code, other}, tools) {
    Object.assign(this, {state, codes, code, other});
    this.tool = `${codes} tool`;
    this.past = `${codes} past`;  // values before each stroke
    this.drawn = `${codes} drawn`;  // the value that the last stroke made
    this.computed = `${codes} computed`;  // the one before the first stroke
    if (state.get(this.tool) === undefined) state.set(this.tool, tools.length === 1 ? tools[0] : 'look');
  }

  // Notes what was computed, whenever the grid changes and not by a stroke.
  note(value) {
    if (value === this.state.get(this.drawn) || value === this.state.get(this.computed)) return;
    this.state.set(this.computed, value);
    this.state.set(this.past, []);
  }

  // A stroke begins at a cell; to look is to choose the code there.
  begin(cell) {
    const codes = this.state.get(this.codes);
    if (this.state.get(this.tool) === 'look') return this.state.set(this.code, codes.data[cell]);
    this.#remember(codes);
    this.#pressed = true;
    this.#masking = codes.data[cell] >= 0;
    this.#edit(cell);
  }

  // It goes on over another cell; to swap twice would undo it.
  goOn(cell) {
    if (this.#pressed && this.state.get(this.tool) !== 'swap') this.#edit(cell);
  }

  end() {
    this.#pressed = false;
  }

  undo() {
    const values = this.state.get(this.past) ?? [];
    if (!values.length) return;
    this.state.set(this.past, values.slice(0, -1));
    this.#set(values.at(-1));
  }

  // All strokes, as one step that can be undone.
  undoAll() {
    const [now, first] = [this.state.get(this.codes), this.state.get(this.computed)];
    if (!first || first === now) return;
    this.#remember(now);
    this.#set(first);
  }

  #remember(value) {
    this.state.set(this.past, [...(this.state.get(this.past) ?? []).slice(-PAST), value]);
  }

  #set(value) {
    this.state.set(this.drawn, value);
    this.state.set(this.codes, value);
  }

  #edit(cell) {
    const {data, shape} = this.state.get(this.codes);
    const values = this.#edited(data, cell);
    if (values.some((value, i) => value !== data[i])) this.#set({data: values, shape});
  }

  // The codes after the tool was put to a cell.
  #edited(data, cell) {
    const other = this.state.get(this.other)?.data[cell] ?? data[cell];  // nothing changes until it is computed
    switch (this.state.get(this.tool)) {
      case 'paint': return data.with(cell, this.state.get(this.code));
      case 'copy': return data.with(cell, other);
      case 'mask': return data.with(cell, this.#masking ? -1 : other);
      case 'restore': return data.with(cell, this.state.get(this.computed).data[cell]);
      default: return swapped(data, data[cell], this.state.get(this.code));
    }
  }
}

function swapped(data, one, two) {
  return data.map(code => (code === one ? two : code === two ? one : code));
}
