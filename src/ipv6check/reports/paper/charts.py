"""Progress against the goal as an SVG drawing for documents: shapes, days and percentages only, no text of a scan."""

from ipv6check.reports.page.burnup import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, BurnUp

_INK, _GRID, _GOAL, _LINE, _OPEN = "#1f2a37", "#d5dae0", "#b3261e", "#1f6fb2", "#c9ddee"
_FONT = 'font-family="Libertinus Serif" font-size="13"'


def burn_up_svg(chart: BurnUp) -> str:
    """The drawing: proven as a line, possible as a band above it, goal dashed, forecast dotted."""
    floor, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
    ]
    for step in range(0, 101, 25):
        y = floor - step / 100 * (floor - TOP)
        parts.append(_stroke(f"M{LEFT} {y:g}H{right}", _GRID, 1))
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:g}" text-anchor="end" {_FONT} fill="{_INK}">{step} %</text>')
    for x, day in chart.ticks:
        parts.append(_stroke(f"M{x:g} {floor}v5", _INK, 1))
        label = f"{day:%m/%Y}"
        parts.append(f'<text x="{x:g}" y="{floor + 20}" text-anchor="middle" {_FONT} fill="{_INK}">{label}</text>')
    parts.append(f'<polygon points="{chart.band}" fill="{_OPEN}"/>')
    if chart.forecast_band:
        parts.append(f'<polygon points="{chart.forecast_band}" fill="#8a94a0" fill-opacity="0.18"/>')
    parts.append(_stroke(f"M{LEFT} {chart.goal_y:g}H{right}", _GOAL, 1.6, dash="9 5"))
    if chart.deadline_x is not None:
        parts.append(_stroke(f"M{chart.deadline_x:g} {TOP}V{floor}", _GOAL, 1, dash="2 3"))
    parts.append(_stroke(f"M{chart.today_x:g} {TOP}V{floor}", "#7a8490", 1, dash="2 3"))
    if chart.forecast:
        dotted = 'stroke-width="1.6" stroke-dasharray="2 4"'
        parts.append(f'<polyline points="{chart.forecast}" fill="none" stroke="{_LINE}" {dotted}/>')
    parts.append(f'<polyline points="{chart.proven}" fill="none" stroke="{_LINE}" stroke-width="2.4"/>')
    parts += [f'<circle cx="{dot.x:g}" cy="{dot.y:g}" r="3" fill="{_LINE}"/>' for dot in chart.dots]
    parts += [
        f'<path d="M{dot.x:g} {dot.y - 6:g}l6 6-6 6-6-6z" fill="#ffffff" stroke="{_GOAL}" stroke-width="1.6"/>'
        for dot in chart.milestones
    ]
    return "".join([*parts, "</svg>"])


def _stroke(path: str, colour: str, width: float, *, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
