//! A picture of a comparison: a line for each cell with its envelope, its median and the published number.

use super::number;
use super::printed::SIMULATED;
use crate::tables::comparison::{ComparedCell, Comparison, Standing};
use std::fmt::Write;

const LINE: usize = 16;
const TOP: usize = 170;
const LEFT: f64 = 330.0;
const WIDE: f64 = 420.0;
const PAGE: f64 = 980.0;

/// The compared cells as an SVG picture. Each line has its own scale, from 0 to the greatest of its numbers.
#[must_use]
pub fn comparison_svg(found: &Comparison) -> String {
    let shown: Vec<&ComparedCell> = found.cells.iter().filter(|cell| cell.standing == Standing::Compared).collect();
    let height = TOP + LINE * (shown.len() + found.tables.len()) + 40;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {PAGE} {height}\" width=\"{PAGE}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let title = format!("Published and simulated: {}", found.title);
    let _ = writeln!(svg, "<title>{0}</title>\n{1}", escaped(&title), at(20.0, 28, 16, "#1b1b1b", &title));
    let note = format!("{} simulated studies. {SIMULATED}", found.replicates);
    svg.push_str(&at(20.0, 48, 11, "#555555", &note));
    histogram(&mut svg, found);
    let mut y = TOP;
    let mut table = usize::MAX;
    for cell in shown {
        if cell.table != table {
            table = cell.table;
            y += LINE;
            let (id, title) = found.tables.get(table).map_or(("", ""), |(id, title)| (id.as_str(), title.as_str()));
            svg.push_str(&at(20.0, y, 11, "#1b1b1b", &format!("{id}: {title}")));
        }
        y += LINE;
        line(&mut svg, cell, y);
    }
    svg.push_str("</svg>\n");
    svg
}

fn line(svg: &mut String, cell: &ComparedCell, y: usize) {
    let Some(published) = cell.published else { return };
    let most = [cell.high, published, 1e-9].into_iter().fold(0.0, f64::max);
    let x = |value: f64| LEFT + WIDE * value / most;
    let middle = y as f64 - 4.0;
    let inside = cell.is_inside() == Some(true);
    let colour = if inside { "#0b6e4f" } else { "#c1121f" };
    let words = format!(
        "{}: published {}, simulated {} to {}, median {}, percentile {:.0}",
        cell.id,
        number(published),
        number(cell.low),
        number(cell.high),
        number(cell.median),
        cell.percentile()
    );
    let _ = write!(svg, "<g><title>{}</title>", escaped(&words));
    let _ = write!(
        svg,
        "<text x=\"{}\" y=\"{y}\" text-anchor=\"end\" fill=\"#333333\">{}</text>",
        LEFT - 12.0,
        escaped(&cell.id)
    );
    let wide = (x(cell.high) - x(cell.low)).max(2.0);
    let _ = write!(
        svg,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"6\" fill=\"#c9d6df\"/>",
        x(cell.low),
        middle - 3.0
    );
    let _ = write!(
        svg,
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"2\" height=\"8\" fill=\"#52616b\"/>",
        x(cell.median) - 1.0,
        middle - 4.0
    );
    let _ = write!(svg, "<circle cx=\"{:.1}\" cy=\"{middle:.1}\" r=\"4\" fill=\"{colour}\"/>", x(published));
    let numbers = format!(
        "{} ({} to {}){}",
        number(published),
        number(cell.low),
        number(cell.high),
        if inside { "" } else { " outside" }
    );
    let _ = writeln!(
        svg,
        "<text x=\"{}\" y=\"{y}\" fill=\"{colour}\">{}</text></g>",
        LEFT + WIDE + 20.0,
        escaped(&numbers)
    );
}

/// Percentiles in tenths, with a line where all would be even.
fn histogram(svg: &mut String, found: &Comparison) {
    let Some(calibration) = &found.calibration else { return };
    let (left, base, tall, step) = (20.0, 140.0, 70.0, 30.0);
    let most = calibration.histogram.iter().copied().fold(0.2, f64::max);
    for (tenth, share) in calibration.histogram.iter().enumerate() {
        let height = tall * share / most;
        let _ = writeln!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{}\" height=\"{height:.1}\" fill=\"#52616b\"><title>percentiles {} to {}: {:.1} %</title></rect>",
            left + step * tenth as f64,
            base - height,
            step - 2.0,
            tenth * 10,
            tenth * 10 + 10,
            100.0 * share
        );
    }
    let even = base - tall * 0.1 / most;
    let _ = writeln!(
        svg,
        "<line x1=\"{left}\" x2=\"{}\" y1=\"{even:.1}\" y2=\"{even:.1}\" stroke=\"#c1121f\" stroke-dasharray=\"4 3\"/>",
        left + 10.0 * step
    );
    svg.push_str(&at(
        left,
        154,
        10,
        "#555555",
        "percentiles of the published numbers, 0 to 100; the dashed line is even",
    ));
    let words = format!(
        "inside: {:.1} % (a simulated study {:.1} to {:.1} %); spread {:.2} (a simulated study {:.2} to {:.2})",
        100.0 * calibration.inside,
        100.0 * calibration.inside_expected[0],
        100.0 * calibration.inside_expected[2],
        calibration.spread,
        calibration.spread_expected[0],
        calibration.spread_expected[2]
    );
    svg.push_str(&at(left + 10.0 * step + 20.0, 100, 11, "#1b1b1b", &words));
    svg.push_str(&at(
        left + 10.0 * step + 20.0,
        118,
        11,
        "#555555",
        "bar: 95 % envelope; tick: median; dot: published (red: outside). Each line has its own scale, from 0.",
    ));
}

pub(super) fn at(x: f64, y: usize, size: usize, colour: &str, text: &str) -> String {
    format!("<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\">{}</text>\n", escaped(text))
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
