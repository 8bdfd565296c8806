// Writing told from the ground it stands on: paper, board or screen, in any light.
//
// A plane is {data: Float32Array, width, height}; grey runs from 0 to 255.

const ROUNDS = 5;  // of the fit to the light
const BROAD = .4;  // of the shorter side: what is as broad in all directions is ground and no stroke
const EVEN = 24;  // levels of grey between the tones of a border that is one ground
const DARK = 16;  // levels of grey that a camera gives to the dark
const LEAST = 12;  // levels of grey that writing must differ by
const CLEAR = 1.5;  // times as strong as noise and lines beside it
const FAINT = .2;  // of the rim: what the rest is at least as sharp as
const BEYOND = .012;  // of the longer side: how far beyond the rim the ground is looked at
const ENCLOSING = .4;  // of the contrast of an enclosed ground that a digit in half shadow has at least
const ALIKE = .4;  // of a part's power: what else has as much is as good a digit
const MOST_ALIKE = 6;  // parts: more are the lines of a page, or noise
const MOST_ENDS = 8;  // places at which a digit may leave the picture
const SLIMMEST = .4;  // a sheet's or screen's shorter side, of its longer one
const SMALLEST = .1;  // share of the picture that it takes
const CROOKED = .1;  // share of it that lies beside what is between its corners, or the other way round
const BLANK = .8;  // share of it that is not written on
const LEGIBLE = 32;  // pixels of its shorter side
const RIM = .03;  // of its size, cut off
const NEAR = .15;  // of its size: how far from the digit another part of it may lie

// The writing alone, 255 where it is fullest and 0 beside it; null where nothing stands out. Of a sheet that lies on a
// ground it is what is written on the sheet; where that is nothing, an error says so.
export function findInk(grey) {
  const border = findBorder(grey);
  const even = border === null ? null : clearest(grey, [grey.data.map(() => border)], false);
  const page = even && findPage(even.box, grey);
  if (page) {
    const written = findInk(page);
    if (!written) throw new Error('No digit was found on the sheet in this picture.');
    return written;
  }
  const found = even && !isSheet(even, grey) ? even : clearest(grey, [fitLight(grey), grey.data.map(() => 0)], true);
  return found?.ink ?? null;
}

// The tone of the border where it has but one.
function findBorder(grey) {
  const [low, middle, high] = borderTones(grey, .05);
  return high - low < EVEN ? middle : null;
}

// Tones of the border: the middle one, and before and after it those that a share of its pixels lies beyond.
export function borderTones({data, width}, share) {
  const border = data.filter((_, i) => i < width || i >= data.length - width || i % width === 0 || i % width === width - 1).sort();
  return [share, .5, 1 - share].map(part => border[Math.floor(part * border.length)]);
}

// What lies within the rim of a sheet or screen, if a region has four corners, straight sides and the proportions of one;
// turned upright and seen from straight above.
function findPage({pixels}, grey) {
  const places = pixels.map(at => [at % grey.width, Math.floor(at / grey.width)]);
  const furthest = (a, b) => places.reduce((best, one) => (a * one[0] + b * one[1] > a * best[0] + b * best[1] ? one : best));
  const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([a, b]) => furthest(a, b));
  const sides = corners.map(([x, y], i) => [corners[(i + 1) % 4][0] - x, corners[(i + 1) % 4][1] - y]);
  const lengths = sides.map(([x, y]) => Math.hypot(x, y));
  const [across, down] = [(lengths[0] + lengths[2]) / 2 + 1, (lengths[1] + lengths[3]) / 2 + 1];
  if (Math.min(across, down) < Math.max(LEGIBLE, SLIMMEST * Math.max(across, down)) || across * down < SMALLEST * grey.data.length) return null;
  return fills(places, corners, sides) ? straighten(grey, corners, Math.round(across), Math.round(down)) : null;
}

// Whether a region, with what it encloses, is what lies between four corners, and little of it is written on.
function fills(places, corners, sides) {
  const rows = new Map();  // ends of the region in each
  for (const [x, y] of places) {
    const [first, last] = rows.get(y) ?? [x, x];
    rows.set(y, [Math.min(first, x), Math.max(last, x)]);
  }
  const isBetween = (x, y) => sides.every(([right, down], i) => right * (y - corners[i][1]) - down * (x - corners[i][0]) >= 0);
  let [filled, between] = [0, 0];
  for (const [y, [first, last]] of rows) {
    filled += last - first + 1;
    for (let x = first; x <= last; x++) between += isBetween(x, y);
  }
  const area = corners.reduce((sum, [x, y], i) => sum + (x * sides[i][1] - y * sides[i][0]) / 2, 0);
  return filled + area - 2 * between <= CROOKED * area && places.length >= BLANK * filled;
}

// What lies between four corners, less a rim, as a rectangle: the plane through a camera's eye (Heckbert, 1989).
function straighten({data, width, height}, [[x0, y0], [x1, y1], [x2, y2], [x3, y3]], across, down) {
  const [sumX, sumY] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dy1, dx2, dy2] = [x1 - x2, y1 - y2, x3 - x2, y3 - y2];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const [g, h] = [(sumX * dy2 - dx2 * sumY) / determinant, (dx1 * sumY - sumX * dy1) / determinant];
  const place = (u, v) => [x0 + u * (x1 - x0 + g * x1) + v * (x3 - x0 + h * x3), y0 + u * (y1 - y0 + g * y1) + v * (y3 - y0 + h * y3)]
    .map(value => value / (g * u + h * v + 1));
  const rim = Math.max(2, Math.round(RIM * Math.max(across, down)));
  const page = {data: new Float32Array((across - 2 * rim) * (down - 2 * rim)), width: across - 2 * rim, height: down - 2 * rim};
  for (let i = 0; i < page.data.length; i++) {
    const [x, y] = place((i % page.width + rim) / (across - 1), (Math.floor(i / page.width) + rim) / (down - 1));
    const [column, row] = [Math.min(width - 2, Math.floor(x)), Math.min(height - 2, Math.floor(y))];
    const at = row * width + column;
    const [right, below] = [x - column, y - row];
    page.data[i] = (1 - below) * ((1 - right) * data[at] + right * data[at + 1]) + below * ((1 - right) * data[at + width] + right * data[at + width + 1]);
  }
  return page;
}

// A sheet of paper or a screen before a ground, which is written on itself.
function isSheet({box, area}, {width, height}) {
  const around = (box.right - box.left + 1) * (box.bottom - box.top + 1);
  return area > .8 * around && around > .4 * width * height;
}

// Dark or light writing over one of several surfaces: what is sharpest, but not a ground that is enclosed by the digit.
function clearest(grey, surfaces, isShaded) {
  const readings = surfaces.flatMap(surface => [false, true].map(isLight => read(grey, aboveGround(grey, surface, isLight, isShaded), isLight)));
  const [best, ...others] = readings.filter(Boolean).sort((one, next) => next.contrast - one.contrast);
  return others.find(({contrast, box}) => contrast > ENCLOSING * best.contrast && contains(box, best.box)) ?? best;
}

function contains(outer, inner) {
  return outer.left < inner.left && outer.right > inner.right && outer.top < inner.top && outer.bottom > inner.bottom;
}

// What is written, if it is dark or light as is said. Otherwise it is a piece of ground between strokes or shadows, which
// is not sharp all round, or lies within a stroke.
function read(grey, ink, isLight) {
  const parts = findParts(ink, split(ink.data));
  const chosen = choose(parts, grey);
  if (!chosen.length || isRuling(chosen[0], parts, grey)) return null;
  const own = mask(grey, chosen);
  const level = quantile(ink.data.filter((_, i) => own[i] === 1), .75);
  const low = clutter(ink, parts, own);
  if (level - low < LEAST || level < CLEAR * low) return null;
  const data = ink.data.map((value, i) => (own[i] ? Math.min(255, Math.max(0, 255 * (value - low) / (level - low))) : 0));
  const contrast = quantile(steps(grey, own, isLight), FAINT);
  if (contrast < LEAST / 2) return null;  // a slope of light
  return {ink: {...ink, data}, contrast, box: chosen[0], area: chosen[0].pixels.length};
}

// Lines of a page, or noise: one of many parts that are as strong, or a mesh that leaves the picture in many places.
function isRuling({pixels, power}, parts, {width, height}) {
  if (parts.filter(part => part.power > ALIKE * power).length > MOST_ALIKE) return true;
  const [own, down] = [new Set(pixels), Array.from({length: height}, (_, row) => row * width)];
  const around = [...Array(width).keys(), ...down.map(at => at + width - 1), ...[...Array(width).keys()].map(x => width * height - 1 - x), ...down.reverse()];
  return around.filter((at, i) => own.has(at) && !own.has(around.at(i - 1))).length > MOST_ENDS;
}

// How much lighter (or darker) the pixels at the rim of the writing are than the ground a little further out.
function steps({data, width, height}, own, isLight) {
  const inside = (x, y) => x >= 0 && y >= 0 && x < width && y < height;
  const isOwn = (x, y) => inside(x, y) && own[y * width + x] === 1;
  const beyond = Math.max(1, Math.round(BEYOND * Math.max(width, height)));
  const found = [];
  own.forEach((kind, i) => {
    if (kind !== 1) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    let [right, down] = [0, 0];
    for (const dy of [-1, 0, 1]) for (const dx of [-1, 0, 1]) if (!isOwn(x + dx, y + dy)) [right, down] = [right + dx, down + dy];
    const length = Math.hypot(right, down);
    const [toX, toY] = [right, down].map((part, axis) => [x, y][axis] + Math.round(beyond * part / (length || 1)));
    if (!length || !inside(toX, toY) || isOwn(toX, toY)) return;
    found.push((isLight ? 1 : -1) * (data[i] - data[toY * width + toX]));
  });
  return found;
}

// The surface of second degree that most pixels lie near: light that falls unevenly. It is fitted again and again to
// pixels that are drawn near to the last fit (Huber, 1981), so that ink hardly bends it.
function fitLight(grey) {
  let surface = fitAll(grey);
  for (let round = 0; round < ROUNDS; round++) {
    const away = grey.data.map((value, i) => value - surface[i]);
    const most = quantile(away.map(Math.abs), .5);
    surface = fitAll({...grey, data: surface.map((value, i) => value + Math.max(-most, Math.min(most, away[i])))});
  }
  return surface;
}

// The nearest surface to all pixels; its terms are orthogonal on a grid around 0, so that each has its own least squares.
function fitAll({data, width, height}) {
  const [xs, ys] = [width, height].map(length => Float32Array.from({length}, (_, i) => (2 * i + 1) / length - 1));
  const [spreadX, spreadY] = [xs, ys].map(places => mean(places.map(place => place ** 2)));
  const terms = [() => 1, x => x, (_, y) => y, (x, y) => x * y, x => x ** 2 - spreadX, (_, y) => y ** 2 - spreadY];
  const surface = new Float32Array(data.length);
  for (const term of terms) {
    const values = new Float32Array(data.length);
    let [product, square] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      values[i] = term(xs[i % width], ys[Math.floor(i / width)]);
      product += values[i] * data[i];
      square += values[i] ** 2;
    }
    for (let i = 0; i < data.length; i++) surface[i] += product / square * values[i];
  }
  return surface;
}

// How far each pixel stands out from its ground: from the smooth surface, and from what an opening by a broad square
// leaves of the rest (shadows, the edge of a sheet). Measured in the light that falls there, as the ground tells it.
function aboveGround(grey, surface, isLight, isShaded) {
  const sign = isLight ? 1 : -1;
  const rest = {...grey, data: grey.data.map((value, i) => sign * (value - surface[i]))};
  const radius = Math.max(2, Math.round(BROAD * Math.min(grey.width, grey.height) / 2));
  const shade = isShaded ? dilate(negative(dilate(negative(smooth(rest)), radius)), radius).data : surface.map(() => 0);
  const ground = surface.map((value, i) => Math.max(0, value + sign * shade[i]) + DARK);
  const most = ground.reduce((one, other) => Math.max(one, other));
  const data = rest.data.map((value, i) => Math.max(0, value - shade[i]) * most / ground[i]);
  return {...grey, data};
}

const negative = plane => ({...plane, data: plane.data.map(value => -value)});

// Means over 3 × 3 pixels, so that single ones do not decide.
function smooth({data, width, height}) {
  const means = new Float32Array(data.length);
  for (let row = 0; row < height; row++) {
    const [above, below] = [Math.max(0, row - 1), Math.min(height - 1, row + 1)];
    for (let column = 0; column < width; column++) {
      const [left, right] = [Math.max(0, column - 1), Math.min(width - 1, column + 1)];
      let sum = 0;
      for (const y of [above, row, below]) sum += data[y * width + left] + data[y * width + column] + data[y * width + right];
      means[row * width + column] = sum / 9;
    }
  }
  return {data: means, width, height};
}

// The greatest value within a square around each pixel; beyond the edge its pixels go on.
function dilate(plane, radius) {
  return alongRows(alongRows(plane, radius), radius);
}

// The same within a row, and the plane turned over its diagonal: a window is the greater of two of half its length.
function alongRows({data, width, height}, radius) {
  const turned = new Float32Array(data.length);
  const line = new Float32Array(width + 2 * radius);
  for (let row = 0; row < height; row++) {
    line.fill(data[row * width], 0, radius);
    line.set(data.subarray(row * width, (row + 1) * width), radius);
    line.fill(data[(row + 1) * width - 1], radius + width);
    let reach = 1;
    for (; 2 * reach <= 2 * radius + 1; reach *= 2) {
      for (let i = 0; i + reach < line.length; i++) line[i] = Math.max(line[i], line[i + reach]);
    }
    const step = 2 * radius + 1 - reach;
    for (let i = 0; i < width; i++) turned[i * height + row] = Math.max(line[i], line[i + step]);
  }
  return {data: turned, width: height, height: width};
}

// The value that splits numbers into two groups with the least variance within them (Otsu, 1979).
function split(values) {
  const counts = new Float64Array(256);
  for (const value of values) counts[Math.min(255, Math.round(value))]++;
  const [total, sum] = [values.length, counts.reduce((all, count, level) => all + count * level, 0)];
  let [best, threshold, below, sumBelow] = [-1, 0, 0, 0];
  for (let level = 0; level < 255; level++) {
    below += counts[level];
    sumBelow += counts[level] * level;
    const between = (sum * below / total - sumBelow) ** 2 / (below * (total - below) || Infinity);
    if (between > best) [best, threshold] = [between, level + .5];
  }
  return threshold;
}

// Connected regions above a threshold: their pixels, sides and power, in which strong ink counts more than broad shadows.
function findParts({data, width, height}, threshold) {
  const seen = new Uint8Array(data.length);
  const parts = [];
  for (let start = 0; start < data.length; start++) {
    if (seen[start] || data[start] <= threshold) continue;
    const part = {pixels: [start], left: width, right: 0, top: height, bottom: 0, power: 0};
    seen[start] = 1;
    for (const at of part.pixels) {  // which grows meanwhile
      const [x, y] = [at % width, Math.floor(at / width)];
      Object.assign(part, {left: Math.min(part.left, x), right: Math.max(part.right, x)});
      Object.assign(part, {top: Math.min(part.top, y), bottom: Math.max(part.bottom, y), power: part.power + data[at] ** 2});
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const next = row * width + column;
          if (seen[next] || data[next] <= threshold) continue;
          seen[next] = 1;
          part.pixels.push(next);
        }
      }
    }
    parts.push(part);
  }
  return parts;
}

function hull(parts) {
  const ends = (join, key) => join(...parts.map(part => part[key]));
  return {left: ends(Math.min, 'left'), right: ends(Math.max, 'right'), top: ends(Math.min, 'top'), bottom: ends(Math.max, 'bottom')};
}

const size = ({left, right, top, bottom}) => Math.max(right - left, bottom - top) + 1;

// The parts of the digit: first the strongest that the edge does not cut, and what lies near it.
function choose(parts, {width, height}) {
  const whole = parts.filter(({left, right, top, bottom}) => left > 0 && top > 0 && right < width - 1 && bottom < height - 1);
  const most = list => list.reduce((best, part) => (part.power > (best?.power ?? 0) ? part : best), undefined);
  let main = most(whole);
  if (!main || main.power < .05 * most(parts).power) main = most(parts);
  if (!main || size(main) < Math.max(4, .04 * Math.max(width, height))) return [];
  const reach = NEAR * size(main);
  const apart = part => Math.max(part.left - main.right, main.left - part.right, part.top - main.bottom, main.top - part.bottom);
  const beside = whole.filter(part => part !== main && apart(part) < reach && part.power > .02 * main.power);
  return [main, ...beside];
}

// 1 on the digit's pixels, 2 beside them where their soft edge lies, 0 elsewhere.
function mask({data, width, height}, parts) {
  const own = new Float32Array(data.length);
  for (const {pixels} of parts) for (const at of pixels) own[at] = 1;
  const margin = 1 + Math.round(.03 * size(hull(parts)));
  const around = dilate({data: own, width, height}, margin).data;
  return Uint8Array.from(own, (value, i) => value || 2 * around[i]);
}

// What noise, ruled lines and stains outside of all writing come up to.
function clutter(ink, parts, own) {
  const others = mask(ink, parts);
  return quantile(ink.data.filter((_, i) => !own[i] && !others[i]), .99);
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

function quantile(values, share) {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
