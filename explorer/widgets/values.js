// The values of a tab's keys, and who is told when one changes. Values are replaced, never edited in place.

export class Values {
  committed = new Map();
  defaults = new Map();  // what stands under a key unless a visitor chooses: a first value, a fact, an answer
  #previews = new Map();  // shown in place of committed values: hovering previews, clicking commits
  #listeners = new Map();  // key -> functions to call
  #keysRead = null;  // those that are subscribed to, while somebody wants to know them

  get(key) {
    return this.#previews.has(key) ? this.#previews.get(key) : this.committed.get(key);
  }

  // Commits a value, and ends the preview of its key.
  set(key, value) {
    const [shown, committed] = [this.get(key), this.committed.get(key)];
    this.#previews.delete(key);
    this.committed.set(key, value);
    if (!Object.is(value, shown)) this.#tell(key);
    if (!Object.is(value, committed)) this.onCommit(key);
  }

  // Commits a value that nobody chose.
  setDefault(key, value) {
    this.defaults.set(key, value);
    this.set(key, value);
  }

  preview(key, value) {
    this.#previews.set(key, value);
    this.#tell(key);
  }

  // Ends a preview: the committed value is shown again.
  restore(key) {
    if (this.#previews.delete(key)) this.#tell(key);
  }

  endPreviews() {
    for (const key of this.#previews.keys()) this.restore(key);
  }

  // Leaves keys without a value, as after a change of the model. Nobody is told: widgets go on showing the old values
  // until new ones come.
  forget(keys) {
    for (const key of keys) {
      this.#previews.delete(key);
      this.committed.delete(key);
      this.defaults.delete(key);
    }
  }

  // Calls back with the values of all keys, at once and whenever one changes; not before all of them have one.
  subscribe(keys, callback) {
    const call = () => {
      const values = keys.map(key => this.get(key));
      if (!values.includes(undefined)) callback(...values);
    };
    for (const key of keys) {
      this.#keysRead?.add(key);
      if (!this.#listeners.has(key)) this.#listeners.set(key, new Set());
      this.#listeners.get(key).add(call);
      this.onSubscribe(key);
    }
    call();
  }

  isSubscribed(key) {
    return this.#listeners.has(key);
  }

  // The keys that are subscribed to while some work is done.
  keysRead(work) {
    const keys = this.#keysRead = new Set();
    work();
    this.#keysRead = null;
    return keys;
  }

  // For those who build on this: another value was committed; somebody wants to know a key's value from now on.
  onCommit() {}
  onSubscribe() {}

  #tell(key) {
    for (const call of this.#listeners.get(key) ?? []) call();
  }
}
