"""Line plots as SVG: axes, ticks, lines with their names at the end. No library."""

import dataclasses
import html
import math
import pathlib

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 170, 44, 56
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#34495e")
FONT = 'font-family="sans-serif" font-size="12"'


@dataclasses.dataclass(frozen=True)
class Plot:
    """Words around a plot; log_x, log_y: logarithmic axes (base 10)."""
    title: str
    x_label: str
    y_label: str
    log_x: bool = False
    log_y: bool = False


def _ticks(low, high, logarithmic):
    """Values to mark on an axis, inside low … high."""
    if logarithmic:
        found = []
        for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
            found += [10.0**power * step for step in (1, 2, 5)]
        return [value for value in found if low * 0.999 <= value <= high * 1.001]
    step = 10.0 ** math.floor(math.log10((high - low) / 4))
    while (high - low) / step > 8:
        step *= 2 if (high - low) / step <= 16 else 5
    first = math.ceil(low / step - 1e-9)
    return [place * step for place in range(first, math.floor(high / step + 1e-9) + 1)]


class _Axis:
    """Maps values to positions."""

    def __init__(self, values, pixels, logarithmic):
        self.log, self.pixels = logarithmic, pixels
        low, high = min(values), max(values)
        if logarithmic:
            self.low, self.high = low, high if high > low else 10 * low
        else:
            self.low, self.high = min(0.0, low), high if high > 0 else 1.0
        self.ticks = _ticks(self.low, self.high, logarithmic)

    def place(self, value):
        scale = math.log10 if self.log else float
        part = (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low))
        return self.pixels[0] + part * (self.pixels[1] - self.pixels[0])


def _text(x, y, text, extra=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {FONT} fill="#222"{extra}>{html.escape(text)}</text>'


def svg(plot, lines):
    """Text of an SVG file. lines: [(name, [(x, y)])], each with at least one point."""
    lines = [(name, points) for name, points in lines if points]
    x_axis = _Axis([x for _, points in lines for x, _ in points], (LEFT, WIDTH - RIGHT), plot.log_x)
    y_axis = _Axis([y for _, points in lines for _, y in points], (HEIGHT - BOTTOM, TOP), plot.log_y)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
           f'viewBox="0 0 {WIDTH} {HEIGHT}">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           _text(LEFT, 24, plot.title, ' font-weight="bold"')]
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for value in x_axis.ticks:
        x = x_axis.place(value)
        out.append(f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#e4e4e4"/>')
        out.append(_text(x, bottom + 18, f"{value:g}", ' text-anchor="middle"'))
    for value in y_axis.ticks:
        y = y_axis.place(value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{right}" stroke="#e4e4e4"/>')
        out.append(_text(LEFT - 6, y + 4, f"{value:.3g}", ' text-anchor="end"'))
    out.append(f'<path d="M{LEFT} {TOP}V{bottom}H{right}" stroke="#444" fill="none"/>')
    out.append(_text((LEFT + right) / 2, HEIGHT - 14, plot.x_label, ' text-anchor="middle"'))
    middle = (TOP + bottom) / 2
    out.append(_text(16, middle, plot.y_label, f' text-anchor="middle" transform="rotate(-90 16 {middle:.0f})"'))
    ends = sorted((y_axis.place(points[-1][1]), number) for number, (_, points) in enumerate(lines))
    label_y, last = {}, -math.inf
    for y, number in ends:
        last = max(y, last + 15)
        label_y[number] = last
    lowest = bottom                             # names that slid below the axis go up again
    for _, number in reversed(ends):
        label_y[number] = min(label_y[number], lowest)
        lowest = label_y[number] - 15
    for number, (name, points) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(f"{x_axis.place(x):.1f},{y_axis.place(y):.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = label_y[number]
        end_x, end_y = x_axis.place(points[-1][0]), y_axis.place(points[-1][1])
        out.append(f'<path d="M{end_x:.1f} {end_y:.1f}L{right + 6} {y:.1f}" stroke="{colour}" stroke-dasharray="2 3"/>')
        out.append(_text(right + 10, y + 4, name).replace("#222", colour))
    return "\n".join(out + ["</svg>"]) + "\n"


def save(folder, name, plot, lines):
    """Writes an SVG file and says so."""
    path = pathlib.Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg(plot, lines), encoding="utf-8")
    print(path)
