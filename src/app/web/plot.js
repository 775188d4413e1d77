// A bar chart in SVG.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 270;
const MARGIN = {top: 26, right: 30, bottom: 30, left: 56};
const GRID_LINES = 4;
const LABEL_WIDTH = 76;
const WIDEST_BAR = 44;

function shape(name, attributes, text) {
  const out = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value);
  if (text !== undefined) out.textContent = text;
  return out;
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`. */
export function roundStep(least) {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9));
}

function decimals(step) {
  let out = 0;
  while (out < 8 && Math.abs(step * 10 ** out - Math.round(step * 10 ** out)) > 1e-6) ++out;
  return out;
}

/**
 * Draws `bars` ({label, value, title}), values in `unit`, into `place`, as wide as that is. `label` is the sentence for those who cannot see it.
 */
export function drawBars(place, bars, unit, label) {
  const width = Math.max(place.clientWidth, 240);
  const inner = {width: width - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom};
  const svg = shape("svg", {viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": label});
  const step = roundStep(Math.max(...bars.map((bar) => bar.value), 0) / GRID_LINES);
  const top = Math.max(1, Math.ceil(Math.max(...bars.map((bar) => bar.value), 0) / step - 1e-9)) * step;
  const yOf = (value) => MARGIN.top + inner.height * (1 - value / top);
  for (let value = 0; value <= top * (1 + 1e-9); value += step) {
    const y = yOf(value);
    svg.append(shape("line", {class: value === 0 ? "axis" : "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y, y2: y}),
               shape("text", {class: "scale", x: MARGIN.left - 8, y: y + 4, "text-anchor": "end"}, value.toFixed(decimals(step))));
  }
  svg.append(shape("text", {class: "scale", x: MARGIN.left - 8, y: 12, "text-anchor": "end"}, unit));
  const slot = inner.width / Math.max(bars.length, 1);
  const barWidth = Math.min(slot * 0.72, WIDEST_BAR);
  const every = Math.max(1, Math.ceil(LABEL_WIDTH / slot));
  bars.forEach((bar, place) => {
    const middle = MARGIN.left + slot * (place + 0.5);
    const mark = shape("rect", {class: "bar", x: middle - barWidth / 2, y: yOf(bar.value), width: barWidth,
                                height: Math.max(yOf(0) - yOf(bar.value), 0), rx: Math.min(3, barWidth / 3)});
    mark.append(shape("title", {}, bar.title));
    svg.append(mark);
    if (place % every === 0) {
      svg.append(shape("text", {class: "scale", x: middle, y: HEIGHT - 8, "text-anchor": "middle"}, bar.label));
    }
  });
  place.replaceChildren(svg);
}
