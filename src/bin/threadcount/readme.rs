//! `threadcount readme`: the generated parts of README and of the page, and the pictures in results/.

use crate::bench::Bench;
use crate::compare::{self, Format};
use crate::files::{Result, result_path};
use crate::frontier::{self, Quantity};
use crate::generated::{Mode, keep, replace_parts};
use crate::published;
use crate::{
    bench_tables, bits, claims, contact_sheet, corrupted_report, drawn, icon, page_parts, released,
    separable, stale, step_time, tables, training_log,
};
use std::path::Path;
use threadcount::card::Card;
use threadcount::catalog::{self, Kind};
use threadcount::format::word;

/// Write or check everything that is generated. Stale figures are a warning when writing, and an error when checking.
pub fn generate(mode: Mode) -> Result<()> {
    let cards = |names: &mut dyn Iterator<Item = &'static str>| -> Result<Vec<Card>> {
        names.map(released::card).collect()
    };
    let all = cards(&mut catalog::in_page_order().into_iter().map(|model| model.name))?;
    let networks = cards(&mut catalog::networks())?;
    let bench = Bench::read()?;
    readme(mode, &networks, &bench)?;
    page(mode, &all)?;
    let published = published::read()?;
    let ours = frontier::networks(&networks, &bench);
    keep(mode, &result_path("frontier.csv"), &frontier::csv(&ours)?)?;
    for quantity in Quantity::ALL {
        let figure = frontier::draw(&ours, &published, quantity)?;
        keep(mode, &result_path(quantity.file()), figure.as_bytes())?;
    }
    keep(mode, &result_path("errors.png"), &contact_sheet::draw()?)?;
    for name in catalog::networks() {
        let picture = training_log::picture(name)?;
        keep(mode, &training_log::picture_path(name), picture.as_bytes())?;
    }
    let stale = stale::figures(&all, &bench)?;
    if mode == Mode::Check && !stale.is_empty() {
        return Err(format!(
            "figures that do not belong to the released weights:\n{}",
            stale.join("\n")
        )
        .into());
    }
    for line in stale {
        eprintln!("stale: {line}");
    }
    Ok(())
}

fn readme(mode: Mode, networks: &[Card], bench: &Bench) -> Result<()> {
    let count = format!(
        "**How small can a clothing classifier get?** Threadcount is a static web page. Draw or upload a garment: {} answer \
         at once, in your browser, each with its parameter count and its measured time. It is for students, teachers and \
         engineers who want to see model compression instead of reading about it.\n",
        models_in_words()
    );
    let experiment = claims::experiment(["`", "`"])?;
    let claims = claims::table(networks, &published::read()?) + "\n" + &experiment + "\n";
    let parts = [
        ("count", count),
        ("networks", tables::networks(networks)?),
        ("models", compare::table(Format::Markdown)?),
        ("stem", tables::stem()?),
        ("bits", bits::table(networks, &bits::rows()?)),
        ("training", step_time::table()?),
        ("calibration", tables::calibration(networks)?),
        ("claims", claims),
        ("drawn", drawn::readme(networks)?),
        ("corrupted", corrupted_report::readme()?),
        ("speed", bench_tables::tables(bench, networks)?),
    ];
    replace_parts(mode, "README.md", &parts)
}

fn page(mode: Mode, cards: &[Card]) -> Result<()> {
    let book = catalog::networks().filter(|name| catalog::is_in_book(name));
    let count = format!(
        "        <p class=\"note\">Draw a garment. {} neural networks answer at once, inside this browser. Nothing is sent \
         anywhere.</p>\n",
        capital(&word(book.count()))
    );
    let published = published::read()?;
    let separable = separable::parts(cards)?;
    let parts = [
        ("count", count),
        ("book", page_parts::book(cards)),
        ("chart-text", page_parts::chart_text(cards)?),
        ("chart", page_parts::chart(cards, &published)),
        ("older-text", page_parts::older_text(cards)?),
        ("rack", page_parts::rack(cards)),
        ("separable-text", separable.text),
        ("weaves", separable.weaves),
        ("stages", separable.stages),
        ("experiment", page_parts::honest_text(&published)?),
        (
            "claims-figure",
            page_parts::claims_figure(cards, &published),
        ),
        ("claims", claims::page_rows(cards, &published)),
        ("table", page_parts::table(cards)),
    ];
    replace_parts(mode, "www/index.html", &parts)?;
    let sizes = page_parts::sizes(cards) + &separable.sizes;
    keep(mode, Path::new("www/sizes.css"), sizes.as_bytes())?;
    keep(mode, Path::new(icon::FILE), icon::draw(cards)?.as_bytes())
}

/// How many models there are: `eleven neural networks and eight classical models`.
fn models_in_words() -> String {
    let count = |kind| word(catalog::of_kind(kind).count());
    let (networks, others) = (count(Kind::Network), count(Kind::Classical));
    format!("{networks} neural networks and {others} classical models")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
