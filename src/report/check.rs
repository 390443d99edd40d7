//! How well a fit finds parameters that are known: for a terminal, as CSV, as JSON and as a picture.

use super::columns::{lines, plain};
use super::comparison_svg::{at, escaped};
use super::printed::SIMULATED;
use super::terminal::bold;
use super::{Style, count, number};
use crate::tables::check::{Check, CheckedFit, CheckedParameter};
use serde_json::{Value, json};
use std::fmt::Write;

/// Width of the longest bar.
const BAR: f64 = 40.0;

/// A check as text; `scenario` is its title.
#[must_use]
pub fn check(scenario: &str, found: &Check, style: &Style) -> String {
    let mut text = format!("{}\n", bold(&format!("{scenario}\nfitted to studies whose parameters are known"), style));
    let done = found.fits.len() as u64;
    let _ = writeln!(text, "{} fits, {} simulated studies. {SIMULATED}", count(done), count(found.studies));
    if done < found.asked {
        let _ = writeln!(text, "stopped before all {}: run it again with --resume to go on", count(found.asked));
    }
    if let Some(first) = found.failed().next() {
        let failed = count(found.failed().count() as u64);
        let _ = writeln!(text, "fits without a result: {failed}; the first, {}: {}", first.number, first.failed);
    }
    let _ = writeln!(text, "\n{}", bold("Ranks of true values, all parameters", style));
    bars(&mut text, found);
    let _ = writeln!(text, "\n{}", bold("Parameters", style));
    text.push_str(&parameters(found));
    text.push_str(
        "\nranks: how many fell into each part of 0 to the number of draws; even where the fit is right\n\
         shift, spread: in standard errors; shift below 0: posteriors too high; spread above 0: too narrow\n\
         in 50 %, in 95 %: share of true values within these intervals; r: correlation of the mean with the true value\n",
    );
    text.push_str(&summary(found));
    text
}

/// How many ranks of all parameters are in each bar.
fn sums(found: &Check) -> Vec<u64> {
    let bars = found.parameters.first().map_or(0, |parameter| parameter.histogram.len());
    let sum = |bar: usize| found.parameters.iter().filter_map(|p| p.histogram.get(bar)).sum();
    (0..bars).map(sum).collect()
}

fn bars(text: &mut String, found: &Check) {
    let sums = sums(found);
    let (all, most) = (sums.iter().sum::<u64>().max(1) as f64, sums.iter().copied().max().unwrap_or(1).max(1) as f64);
    let width = (found.draws + 1) / sums.len().max(1);
    for (bar, n) in sums.iter().enumerate() {
        let (low, high) = (bar * width, (bar + 1) * width - 1);
        let drawn = "#".repeat((BAR * *n as f64 / most).round() as usize);
        let _ = writeln!(text, "  {low:>3} to {high:>3}  {:>6}  {drawn}", format!("{:.1} %", 100.0 * *n as f64 / all));
    }
}

fn parameters(found: &Check) -> String {
    let mut drawn = plain();
    drawn.set_header(["parameter", "ranks", "p", "shift", "spread", "in 50 %", "in 95 %", "r", "narrowed", ""]);
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    for p in &found.parameters {
        let ranks: Vec<String> = p.histogram.iter().map(u64::to_string).collect();
        drawn.add_row([
            p.name.clone(),
            ranks.join(" "),
            format!("{:.3}", p.p),
            format!("{:.1}", p.shift_z),
            format!("{:.1}", p.spread_z),
            percent(p.half),
            percent(p.most),
            if p.correlation.is_finite() { format!("{:.2}", p.correlation) } else { "-".to_owned() },
            percent(p.narrowed),
            p.verdict.clone(),
        ]);
    }
    lines(&mut drawn, 1)
}

/// A line on even ranks, and one on the intervals.
fn summary(found: &Check) -> String {
    let mut text = String::new();
    let (all, uneven): (usize, Vec<&CheckedParameter>) =
        (found.parameters.len(), found.parameters.iter().filter(|p| !p.even).collect());
    let _ = write!(text, "\nRanks of {} of {all} parameters are even", all - uneven.len());
    let named: Vec<String> = uneven.iter().map(|p| format!("{} ({})", p.name, p.verdict)).collect();
    let _ = match named.is_empty() {
        true => writeln!(text, "; if all are, a check says otherwise of some with 5 %"),
        false => writeln!(text, ", those of {} are not", named.join(", ")),
    };
    let mean = |share: fn(&CheckedParameter) -> f64| {
        100.0 * found.parameters.iter().map(share).sum::<f64>() / all.max(1) as f64
    };
    let (half, most) = (mean(|p| p.half), mean(|p| p.most));
    let _ = writeln!(text, "50 % intervals hold {half:.1} % of the true values, 95 % intervals {most:.1} %");
    text
}

/// A line for each fit and parameter, on the scale where the prior is standard normal. A fit without a result has the true
/// values and the reason only.
#[must_use]
pub fn check_csv(found: &Check) -> String {
    let mut text = "fit,parameter,truth,rank,mean,sd,low_95,low_50,high_50,high_95,generation,tolerance,effective,\
                    studies,failed\n"
        .to_owned();
    for fit in &found.fits {
        for (j, (parameter, truth)) in found.parameters.iter().zip(&fit.truth).enumerate() {
            let _ = write!(text, "{},{},{truth},", fit.number, parameter.name);
            let _ = match fit.values.get(j) {
                Some(v) => writeln!(
                    text,
                    "{},{},{},{},{},{},{},{},{},{},{},",
                    v.rank,
                    v.mean,
                    v.sd,
                    v.most[0],
                    v.half[0],
                    v.half[1],
                    v.most[1],
                    fit.generation,
                    fit.tolerance,
                    fit.effective,
                    fit.studies
                ),
                None => writeln!(text, ",,,,,,,,,,,\"{}\"", fit.failed.replace('"', "\"\"")),
            };
        }
    }
    text
}

/// All of it as JSON, but the single fits, which are in a table of their own.
#[must_use]
pub fn check_json(found: &Check) -> String {
    let finite = |value: f64| if value.is_finite() { json!(value) } else { Value::Null };
    let parameter = |p: &CheckedParameter| {
        json!({
            "name": p.name, "histogram": p.histogram, "expected": p.expected, "band": p.band, "p": finite(p.p),
            "shift_z": finite(p.shift_z), "spread_z": finite(p.spread_z), "verdict": p.verdict, "even": p.even,
            "inside_50": finite(p.half), "inside_95": finite(p.most), "correlation": finite(p.correlation),
            "narrowed": finite(p.narrowed),
        })
    };
    let failed = |fit: &CheckedFit| json!({ "fit": fit.number, "because": fit.failed });
    let all = json!({
        "asked": found.asked, "fits": found.fits.len(), "draws": found.draws, "studies": found.studies,
        "note": SIMULATED, "failed": found.failed().map(failed).collect::<Vec<_>>(),
        "parameters": found.parameters.iter().map(parameter).collect::<Vec<_>>(),
    });
    format!("{all}\n")
}

const COLUMNS: usize = 4;
const WIDE: f64 = 230.0;
const TALL: usize = 120;
const TOP: usize = 70;

/// A histogram of ranks for each parameter, with the band in which bars should be.
#[must_use]
pub fn check_svg(scenario: &str, found: &Check) -> String {
    let (page, height) = (40.0 + WIDE * COLUMNS as f64, TOP + TALL * found.parameters.len().div_ceil(COLUMNS) + 20);
    let title = format!("{scenario}: ranks of known parameters");
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {page} {height}\" width=\"{page}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\" role=\"img\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let _ = writeln!(svg, "<title>{}</title>\n{}", escaped(&title), at(20.0, 28, 16, "#1b1b1b", &title));
    let note = format!("{} fits. Grey: where 95 % of even histograms lie whole. {SIMULATED}", found.fits.len());
    svg.push_str(&at(20.0, 48, 11, "#555555", &note));
    for (position, parameter) in found.parameters.iter().enumerate() {
        let left = 20.0 + WIDE * (position % COLUMNS) as f64;
        histogram(&mut svg, parameter, left, TOP + TALL * (position / COLUMNS));
    }
    svg.push_str("</svg>\n");
    svg
}

fn histogram(svg: &mut String, parameter: &CheckedParameter, left: f64, top: usize) {
    let (base, tall, wide) = (top as f64 + 95.0, 75.0, WIDE - 30.0);
    let most = parameter.histogram.iter().copied().chain([parameter.band[1]]).max().unwrap_or(1).max(1) as f64;
    let y = |n: f64| base - tall * n / most;
    let step = wide / parameter.histogram.len().max(1) as f64;
    let colour = if parameter.even { "#0b6e4f" } else { "#c1121f" };
    svg.push_str(&at(left, top + 12, 11, "#1b1b1b", &format!("{}: {}", parameter.name, parameter.verdict)));
    let [low, high] = parameter.band.map(|n| y(n as f64));
    let _ = writeln!(
        svg,
        "<rect x=\"{left:.1}\" y=\"{high:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" fill=\"#e3e9ed\"/>",
        low - high
    );
    for (bar, n) in parameter.histogram.iter().enumerate() {
        let (x, height) = (left + step * bar as f64, base - y(*n as f64));
        let _ = writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{height:.1}\" fill=\"{colour}\"><title>{n} ranks, p {}</title></rect>",
            base - height,
            step - 2.0,
            number(parameter.p)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::check::CheckedValue;

    fn found() -> Check {
        let value = CheckedValue { rank: 3, mean: -0.5, sd: 0.25, half: [-0.75, -0.25], most: [-1.0, 0.0] };
        let good = CheckedFit {
            number: 1,
            truth: vec![0.5],
            generation: 4,
            tolerance: 1.5,
            effective: 80.0,
            studies: 900,
            values: vec![value],
            ..CheckedFit::default()
        };
        let failed =
            CheckedFit { number: 2, truth: vec![2.5], failed: "R1: \"no\"".to_owned(), ..CheckedFit::default() };
        let leaving = CheckedParameter {
            name: "leaving".to_owned(),
            histogram: vec![1, 3],
            expected: 2.0,
            band: [0, 4],
            p: 0.317,
            shift_z: 1.25,
            spread_z: -0.04,
            even: false,
            verdict: "posteriors too low".to_owned(),
            half: 0.25,
            most: 1.0,
            correlation: f64::NAN,
            narrowed: 0.9375,
        };
        Check { asked: 9, draws: 19, studies: 1_900, parameters: vec![leaving], fits: vec![good, failed] }
    }

    #[test]
    fn it_is_told() {
        let text = check("small", &found(), &Style { colour: false, width: 100 });
        for line in [
            "small\nfitted to studies whose parameters are known\n2 fits, 1,900 simulated studies.",
            "stopped before all 9: run it again with --resume to go on",
            "fits without a result: 1; the first, 2: R1: \"no\"",
            "    0 to   9  25.0 %  #############\n   10 to  19  75.0 %  ########################################\n",
            " leaving      1 3  0.317    1.2    -0.0     25 %    100 %  -      94 %  posteriors too low\n",
            "Ranks of 0 of 1 parameters are even, those of leaving (posteriors too low) are not\n",
            "50 % intervals hold 25.0 % of the true values, 95 % intervals 100.0 %\n",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn it_is_written() {
        let csv = check_csv(&found());
        let lines: Vec<&str> = csv.lines().skip(1).collect();
        assert_eq!(lines[0], "1,leaving,0.5,3,-0.5,0.25,-1,-0.75,-0.25,0,4,1.5,80,900,");
        assert_eq!(lines[1], "2,leaving,2.5,,,,,,,,,,,,\"R1: \"\"no\"\"\"");
        let commas = |line: &str| line.matches(',').count();
        assert!(csv.lines().all(|line| commas(line) == 14), "{csv}");
        let json: Value = serde_json::from_str(&check_json(&found())).unwrap();
        assert_eq!(json["parameters"][0]["histogram"], json!([1, 3]));
        assert_eq!((&json["parameters"][0]["correlation"], &json["failed"][0]["fit"]), (&Value::Null, &json!(2)));
        let svg = check_svg("a < b", &found());
        assert!(svg.contains("a &lt; b: ranks of known parameters") && svg.ends_with("</svg>\n"), "{svg}");
        // Bars of 1 and 3 where the band ends at 4: 75 / 4 and three times that.
        assert!(svg.contains("height=\"18.8\"") && svg.contains("height=\"56.2\""), "{svg}");
    }
}
