// Pins hold a visitor's choice of a value that a rule would compute.
//
// A link says both that x is a certain picture and that its code z is another than the model finds. The rule z(x) will
// still be asked, for x has changed, and must not replace z when its answer comes. So z is pinned beside x: an answer that
// follows from this x leaves it alone. Once x changes, the choice of z has had its time, and the next answer replaces it.

export class Pins {
  #pins = new Map();  // pinned key -> values of other keys for which it holds

  put(key, values) {
    this.#pins.set(key, new Map(values));
  }

  remove(key) {
    this.#pins.delete(key);
  }

  clear() {
    this.#pins.clear();
  }

  // Whether a key is pinned beside all causes of an answer, which are [[key, value], …].
  hold(key, causes) {
    const values = this.#pins.get(key);
    return values !== undefined && causes.every(([cause, value]) => {
      if (!values.has(cause)) values.set(cause, value);  // it was still being computed when the pin was put
      return Object.is(values.get(cause), value);
    });
  }
}
