// Arrays {name: number or {data, shape}} as files: a table for a spreadsheet, and NumPy's own archive.

const TYPES = [[Uint8Array, '|u1'], [Float32Array, '<f4'], [BigInt64Array, '<i8'], [Float64Array, '<f8']];

// Vectors as columns, a matrix as one column for each of its own; pictures are in the archive only.
export function toCsv(arrays) {
  const columns = Object.entries(arrays).flatMap(([name, value]) => {
    if (typeof value === 'number') return [[name, [value]]];
    const [rows, width] = value.shape;
    if (value.shape.length === 1) return [[name, Array.from(value.data)]];
    if (value.shape.length !== 2) return [];
    return Array.from({length: width}, (_, j) => [`${name} ${j}`, Array.from({length: rows}, (_, i) => value.data[i * width + j])]);
  });
  const length = Math.max(0, ...columns.map(([, values]) => values.length));
  const quoted = columns.map(([name]) => `"${name.replaceAll('"', '""')}"`);
  const lines = Array.from({length}, (_, i) => columns.map(([, values]) => values[i] ?? '').join(','));
  return [quoted.join(','), ...lines, ''].join('\n');
}

// A zip without compression, of one .npy for each array.
export function toNpz(arrays) {
  const files = Object.entries(arrays).map(([name, value]) => [new TextEncoder().encode(`${name.replaceAll('/', ' ')}.npy`), toNpy(value)]);
  const [parts, entries] = [[], []];
  let offset = 0;
  for (const [name, bytes] of files) {
    const common = [2, 20, 2, 0x0800, 2, 0, 2, 0, 2, 0x21, 4, crc(bytes), 4, bytes.length, 4, bytes.length, 2, name.length, 2, 0];
    const head = numbers([4, 0x04034b50, ...common]);
    parts.push(head, name, bytes);
    entries.push(numbers([4, 0x02014b50, 2, 20, ...common, 2, 0, 2, 0, 2, 0, 4, 0, 4, offset]), name);
    offset += head.length + name.length + bytes.length;
  }
  const size = entries.reduce((sum, part) => sum + part.length, 0);
  const end = numbers([4, 0x06054b50, 2, 0, 2, 0, 2, files.length, 2, files.length, 4, size, 4, offset, 2, 0]);
  return new Blob([...parts, ...entries, end]);
}

function toNpy(value) {
  const {data: values, shape} = typeof value === 'number' ? {data: [value], shape: []} : value;
  const data = ArrayBuffer.isView(values) ? values : Float64Array.from(values);  // plain lists are the page's own
  const type = TYPES.find(([kind]) => data instanceof kind)[1];
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const magic = Uint8Array.of(0x93, ...Array.from('NUMPY', letter => letter.charCodeAt(0)), 1, 0);
  const parts = [magic, numbers([2, padded.length]), new TextEncoder().encode(padded), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => { bytes.set(part, at); return at + part.length; }, 0);
  return bytes;
}

// Little-endian numbers, given as width in bytes, value, width, value, …
function numbers(fields) {
  const bytes = [];
  for (let i = 0; i < fields.length; i += 2) {
    for (let byte = 0; byte < fields[i]; byte++) bytes.push(Math.floor(fields[i + 1] / 2 ** (8 * byte)) & 0xff);
  }
  return Uint8Array.from(bytes);
}

function crc(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ -1) >>> 0;
}
