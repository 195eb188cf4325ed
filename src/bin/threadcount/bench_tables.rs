//! README's tables of the benchmark: single precision, any precision at equal accuracy, and the engine's steps.

use crate::bench::{Bench, CONTENDERS, Contender, Evaluation, Network, Side, StepTime};
use crate::files::Result;
use std::fmt::Write as _;
use threadcount::card::Card;
use threadcount::catalog;
use threadcount::format::{kilobytes, percent, thousands};

/// The cold start to the first answer of all, by its name in the file.
const FIRST: &str = "Threadcount, its first network (`stitch`)";
/// Until all networks of the first screen are ready.
const ALL: &str = "Threadcount, all networks of its first screen";

/// The tables and what belongs to them, of the networks whose released weights were measured. The others of the page's
/// first screen are named.
pub fn tables(bench: &Bench, cards: &[Card]) -> Result<String> {
    let book = cards.iter().filter(|card| catalog::is_in_book(&card.name));
    let (measured, others): (Vec<&Card>, Vec<&Card>) = book.partition(|card| bench.is_of(card));
    let measured: Vec<(&str, &Network)> = measured
        .iter()
        .map(|card| (card.name.as_str(), &bench.networks[&card.name]))
        .collect();
    let mut text = String::new();
    if !measured.is_empty() {
        text += &single_precision(bench, &measured);
        text += "\n";
        text += &any_precision(bench, &measured);
        text += &conditions(bench);
        text += &bench.evaluation.as_ref().map_or_else(String::new, many);
        let others = Bench::on_other_processors()?;
        let runs: Vec<&Bench> = std::iter::once(bench).chain(&others).collect();
        text += &processors(&runs, cards);
        text += &steps(&measured, bench.step_resolution_ms)?;
    }
    if !others.is_empty() {
        let names: Vec<String> = others
            .iter()
            .map(|card| format!("`{}`", card.name))
            .collect();
        text += &format!(
            "\nNot measured on the released weights yet: {}.\n",
            names.join(", ")
        );
    }
    Ok(text)
}

/// A table with a column for each network.
struct Table<'a> {
    text: String,
    networks: &'a [(&'a str, &'a Network)],
}

impl<'a> Table<'a> {
    fn new(title: &str, networks: &'a [(&'a str, &'a Network)]) -> Self {
        let heads = networks.iter().map(|(name, _)| format!(" `{name}` |"));
        let heads: String = heads.collect();
        let line = "---:|".repeat(networks.len());
        Self {
            text: format!("| {title} |{heads}\n|---|{line}\n"),
            networks,
        }
    }

    fn row(&mut self, title: &str, cell: impl Fn(&Network) -> Option<String>) {
        self.text += &format!("| {title} |");
        for (_, network) in self.networks {
            let content = cell(network).unwrap_or_else(|| String::from("–"));
            self.text += &format!(" {content} |");
        }
        self.text += "\n";
    }

    fn ratio(&mut self, title: &str, any_precision: bool) {
        self.row(&format!("**{title}**"), |network| {
            Some(format!("**{:.2}x**", network.ratio(any_precision)?))
        });
    }
}

/// The contender's name, with its version where it is a peer.
fn title(bench: &Bench, contender: &Contender) -> String {
    let program = contender.single.unwrap_or(contender.name);
    match bench.peers.get(program) {
        Some(version) => contender
            .name
            .replacen(program, &format!("{program} {version}"), 1),
        None => contender.name.to_owned(),
    }
}

/// The median over the rounds, and the fastest and slowest round.
fn time(network: &Network, name: &str) -> Option<String> {
    let medians = &network.cell(name)?.medians_ms;
    let [low, high] = [f64::min, f64::max].map(|pick| medians.iter().copied().reduce(pick));
    Some(format!(
        "{:.2} ({:.2} to {:.2})",
        network.time(name)?,
        low?,
        high?
    ))
}

fn single_precision(bench: &Bench, networks: &[(&str, &Network)]) -> String {
    let mut table = Table::new("single precision: median (rounds), ms", networks);
    for contender in CONTENDERS.iter().filter(|one| one.single.is_none()) {
        table.row(&title(bench, contender), |network| {
            time(network, contender.name)
        });
    }
    table.ratio("ours to the best peer", false);
    table.text
}

fn any_precision(bench: &Bench, networks: &[(&str, &Network)]) -> String {
    let mut table = Table::new(
        "any precision: median (rounds), ms; accuracy, in brackets when it is not equal",
        networks,
    );
    for contender in CONTENDERS.iter().filter(|one| one.single.is_some()) {
        table.row(&title(bench, contender), |network| {
            let accuracy = percent(network.cell(contender.name)?.accuracy?);
            let accuracy = if network.is_accurate(contender) {
                accuracy
            } else {
                format!("[{accuracy}]")
            };
            Some(format!("{}; {accuracy}", time(network, contender.name)?))
        });
    }
    for (words, side) in [("ours", Side::Ours), ("peer", Side::Peer)] {
        table.row(&format!("best {words} at equal accuracy"), |network| {
            let (contender, _) = network.best(side, true)?;
            let cell = network.cell(contender.name)?;
            let accuracy = cell.accuracy.map(percent)?;
            Some(format!(
                "{}, {:.2}; {accuracy}",
                contender.name,
                network.time(contender.name)?
            ))
        });
    }
    table.ratio("ours to the best peer at equal accuracy", true);
    table.text
}

/// The ratios to the best peer by processor, of networks whose released weights were measured there.
fn processors(runs: &[&Bench], cards: &[Card]) -> String {
    let book = || cards.iter().filter(|card| catalog::is_in_book(&card.name));
    let heads: String = book().map(|card| format!(" `{}` |", card.name)).collect();
    let line = "---:|".repeat(book().count());
    let mut text = format!("\n| ours to the best peer, by processor |{heads}\n|---|{line}\n");
    for bench in runs {
        for (words, any_precision) in [("single precision", false), ("any precision", true)] {
            let (processor, commit) = (&bench.processor, &bench.commit);
            text += &format!("| {processor}, engine of `{commit}`, {words} |");
            for card in book() {
                let network = bench.networks.get(&card.name);
                let measured = network.filter(|_| bench.is_of(card));
                let ratio = measured.and_then(|network| network.ratio(any_precision));
                text +=
                    &ratio.map_or_else(|| String::from(" – |"), |ratio| format!(" {ratio:.2}x |"));
            }
            text += "\n";
        }
    }
    text
}

fn conditions(bench: &Bench) -> String {
    let start = |name: &str| {
        let size = kilobytes(bench.cold_start_gzipped_bytes[name]);
        format!("{:.0} ms and {size} gzipped", bench.cold_start_ms[name])
    };
    let others = bench.cold_start_ms.keys();
    let others = others.filter(|name| ![FIRST, ALL].contains(&name.as_str()));
    let others: Vec<String> = others
        .map(|name| format!("{name} {}", start(name)))
        .collect();
    let all = bench.cold_start_ms.get(ALL);
    let all = all.map_or_else(String::new, |_| {
        format!(
            " All networks of its first screen are ready after {}.",
            start(ALL)
        )
    });
    format!(
        "\nEach time is the median of {} rounds' medians, with the fastest and the slowest round; a round is {} runs in a \
         browser of its own, and all contenders take turns; runs of less than a millisecond are timed several at once. One thread, {}, {}. Accuracies are those on {} validation \
         images. Equal is at most 0.2 points below the same program's single precision. A loop of multiply-adds in \
         registers reaches {:.0} GFLOP/s with relaxed SIMD and {:.0} without. From navigation to the first prediction \
         of `lightweight`, cache empty, on the same machine: {}. The first answer of the page, by `stitch`, takes {}.{all} The engine measured is that of \
         commit `{}`.\n",
        bench.rounds,
        bench.runs,
        bench.browser,
        bench.processor,
        thousands(bench.validation_images),
        bench.peak_gflops["relaxed SIMD"],
        bench.peak_gflops["SIMD"],
        others.join("; "),
        start(FIRST),
        bench.commit,
    )
}

/// How long many images take.
fn many(evaluation: &Evaluation) -> String {
    let Evaluation {
        networks,
        images,
        seconds,
        cores,
    } = evaluation;
    format!(
        "\nOn that machine, of {cores} cores, the page classifies {} test images with {} networks (`{}`) in {seconds:.1} s: \
         {} answers a second.\n",
        thousands(*images),
        networks.len(),
        networks.join("`, `"),
        thousands(((images * networks.len()) as f64 / seconds) as usize),
    )
}

fn steps(networks: &[(&str, &Network)], resolution_ms: f64) -> Result<String> {
    let mut text = String::from(
        "\n| step, relaxed SIMD | time, µs | share of that peak, by the direct method's count |\n|---|---:|---:|\n",
    );
    for (name, network) in networks {
        for (path, steps) in &network.steps {
            let Some(kind) = path.strip_prefix("relaxed SIMD") else {
                continue;
            };
            for step in steps.iter().filter(|step| step.macs > 0) {
                let (title, [time, share]) = (&step.title, step_cells(step, resolution_ms));
                writeln!(text, "| `{name}`{kind}: {title} | {time} | {share} |")?;
            }
        }
    }
    writeln!(
        text,
        "\nTimes below {:.0} µs are not known.",
        resolution_ms * 1000.0
    )?;
    Ok(text)
}

/// A step's time in microseconds and its share of the peak; below what is resolved neither is known.
fn step_cells(step: &StepTime, resolution_ms: f64) -> [String; 2] {
    match step.share_of_peak {
        Some(share) if step.time_ms >= resolution_ms => [
            format!("{:.0}", step.time_ms * 1000.0),
            format!("{:.0} %", share * 100.0),
        ],
        _ => [
            format!("under {:.0}", resolution_ms * 1000.0),
            "–".to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_below_the_resolution_is_not_known() {
        let cells = |time_ms, share_of_peak| {
            let step = StepTime {
                title: String::new(),
                macs: 1000,
                time_ms,
                share_of_peak,
            };
            step_cells(&step, 0.001)
        };
        assert_eq!(cells(0.0129, Some(0.377)), ["13", "38 %"]);
        assert_eq!(cells(0.0002, Some(4.358)), ["under 1", "–"]);
        assert_eq!(cells(0.0, None), ["under 1", "–"]);
    }
}
