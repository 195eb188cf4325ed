//! The page's section on depthwise separable convolutions, from the networks' layers and the sizes of the released files.

use crate::files::Result;
use crate::page_parts::find;
use crate::released::{architecture, weights};
use crate::search;
use threadcount::card::Card;
use threadcount::format::{percent, thousands};
use threadcount::layer::{Layer, costs};
use threadcount::network::weights::Weights;
use threadcount::network::{Network, device};

/// The two networks, and the layers that are compared.
const FULL: (&str, &str) = ("baseline", "conv3");
const SEPARABLE: (&str, [&str; 2]) = ("lightweight", ["block3.depthwise", "block3.pointwise"]);
/// The tensor of the first layer's single filter.
const STEM: &str = "depthwise1.weight";
/// What the stages are called.
const STAGES: [&str; 4] = ["first", "second", "third", "answer"];

/// Everything of the section that is generated.
pub struct Parts {
    /// The sentences.
    pub text: String,
    /// The layers as bolts of cloth.
    pub weaves: String,
    /// Where the numbers went, and what it costs.
    pub stages: String,
    /// Sizes for the style sheet.
    pub sizes: String,
}

/// The layers of a network as it is trained: a released file of packed codes has no batch norms.
fn layers(name: &str) -> Result<Vec<Layer>> {
    Ok(architecture(name)?.init(&device()).layers())
}

/// Bytes of a parameter in a network's released file, on average.
fn bytes_of_one(cards: &[Card], name: &str) -> Result<f64> {
    let card = find(cards, name)?;
    Ok(card.weights.size_bytes as f64 / card.parameters as f64)
}

/// The layer of a name.
fn layer<'a>(layers: &'a [Layer], wanted: &str) -> Result<&'a Layer> {
    let found = layers.iter().find(|layer| match layer {
        Layer::Conv { name, .. }
        | Layer::Depthwise { name, .. }
        | Layer::Pointwise { name, .. } => name == wanted,
        _ => false,
    });
    found.ok_or_else(|| format!("there is no layer {wanted}").into())
}

/// Numbers of each stage: up to each pooling or change of block, and the rest.
fn stages(layers: &[Layer]) -> [usize; 4] {
    let mut sums = [0; 4];
    let mut convolutions = 0;
    for (layer, cost) in layers.iter().zip(costs(layers)) {
        let stage = match layer {
            Layer::Conv { .. } | Layer::Depthwise { .. } => {
                convolutions += 1;
                convolutions - 1
            }
            Layer::Dense { .. } => 3,
            _ => usize::saturating_sub(convolutions, 1),
        };
        sums[stage.min(3)] += cost.parameters;
    }
    sums
}

/// Generate the section.
pub fn parts(cards: &[Card]) -> Result<Parts> {
    let (large, small) = (layers(FULL.0)?, layers(SEPARABLE.0)?);
    let Layer::Conv {
        channels: [inputs, outputs],
        ..
    } = layer(&large, FULL.1)?
    else {
        return Err("the full layer is no 3x3 convolution".into());
    };
    let full = 9 * inputs * outputs;
    let [depthwise, pointwise] = [9 * inputs, inputs * outputs];
    let parameters = |name: &str| find(cards, name).map(|card| card.parameters);
    let saved = 1.0 - parameters(SEPARABLE.0)? as f64 / parameters(FULL.0)? as f64;
    let saved = format!("{:.1}&nbsp;%", saved * 100.0);
    let text = format!(
        "          <p class=\"lede\">How <em>lightweight</em> does with {saved} fewer parameters: it weaves each layer in two passes.</p>\n\
         \x20         <p>A full 3×3 convolution from {inputs} to {outputs} channels is nine bolts of cloth, one for each place under the \
         filter.</p>\n\
         \x20         <p>A separable one lays the <span class=\"warp\">warp</span> first: one small filter along each channel. Then the \
         <span class=\"weft\">weft</span>: a single bolt that mixes the channels.</p>\n",
    );
    let bolts = (0..9).map(|tap| {
        format!("<div class=\"bolt bolt-full\"><canvas data-tap=\"{tap}\"></canvas></div>")
    });
    let bolts: String = bolts.collect();
    let weaves = format!(
        "          <figure><div class=\"bolts\" id=\"bolts\" role=\"img\" aria-label=\"Nine bolts of cloth, {inputs} by {outputs} threads \
         each\">{bolts}</div><figcaption><p class=\"sum\">{}</p><p class=\"note\">9 × {inputs} × {outputs} weights, the third layer of \
         <em>baseline</em></p></figcaption></figure>\n\
         \x20         <figure><div class=\"passes\"><div class=\"bolt bolt-warp\"><canvas id=\"bolt-warp\"></canvas></div><span>warp, 9 × {inputs}</span>\
         <div class=\"bolt bolt-full\"><canvas id=\"bolt-weft\"></canvas></div><span>weft, {inputs} × {outputs}</span></div>\
         <figcaption><p class=\"sum\">{}</p><p class=\"note\">{} for the warp and {} for the weft:<br>{:.1} times fewer</p></figcaption></figure>\n",
        thousands(full),
        thousands(depthwise + pointwise),
        thousands(depthwise),
        thousands(pointwise),
        full as f64 / (depthwise + pointwise) as f64,
    );
    let (before, after) = (stages(&large), stages(&small));
    let convolutions = |stages: &[usize; 4]| stages[..3].iter().sum::<usize>();
    let boxes = STAGES.iter().enumerate().map(|(i, stage)| {
        format!(
            "<div class=\"stage\"><div class=\"box stage-before-{i}\"><div class=\"cut stage-after-{i}\"><canvas data-stage=\"{i}\"></canvas>\
             </div></div><p class=\"facts\"><b>{stage}</b><br>{}<br>{}</p></div>",
            thousands(before[i]),
            thousands(after[i]),
        )
    });
    let boxes: String = boxes.collect();
    let stages = format!(
        "      <div class=\"cols\"><div class=\"text\"><h3>Where the {saved} went</h3><p class=\"note\">Dashed outline: a stage of \
         <em>baseline</em>. Cloth: the same stage of <em>lightweight</em>. The scale is that of the swatches above.</p><p>Weaving in two passes saves {} \
         parameters. Global average pooling instead of one more dense layer saves {}.</p></div><div class=\"stages\">{boxes}</div></div>\n{}",
        thousands(convolutions(&before) - convolutions(&after)),
        thousands(before[3] - after[3]),
        price(cards)?,
    );
    let [large_bytes, small_bytes] = [
        bytes_of_one(cards, FULL.0)?,
        bytes_of_one(cards, SEPARABLE.0)?,
    ];
    let bolt = |numbers: usize, aspect: f64| {
        let wide = (small_bytes * numbers as f64 * aspect).sqrt();
        format!("--wide: {wide:.2}px; --high: {:.2}px", wide / aspect)
    };
    let aspect = *outputs as f64 / *inputs as f64;
    let mut sizes = format!(
        ".bolt-full {{ {}; }}\n.bolt-warp {{ {}; }}\n",
        bolt(pointwise, aspect),
        bolt(depthwise, *inputs as f64 / 9.0),
    );
    for (which, bytes, stages) in [
        ("before", large_bytes, before),
        ("after", small_bytes, after),
    ] {
        for (i, numbers) in stages.iter().enumerate() {
            let root = (bytes * *numbers as f64).sqrt();
            sizes += &format!(".stage-{which}-{i} {{ --root: {root:.2}px; }}\n");
        }
    }
    Ok(Parts {
        text,
        weaves,
        stages,
        sizes,
    })
}

/// A weight of the filter, in the color of its thread.
fn weight(value: f32) -> String {
    let text = format!("{value:+.2}").replace('-', "\u{2212}");
    let class = match value {
        v if v > 0.0 => " class=\"up\"",
        v if v < 0.0 => " class=\"across\"",
        _ => "",
    };
    format!(
        "<span{class}>{}</span>",
        if value == 0.0 { "0" } else { &text }
    )
}

/// What the first layer's single filter costs.
fn price(cards: &[Card]) -> Result<String> {
    let [as_it_is, ordinary] = search::stems()?;
    let weights = Weights::from_bytes(&weights(&find(cards, SEPARABLE.0)?.weights)?)?;
    let filter = weights.get(STEM).ok_or("the first layer's filter")?;
    let filter: String = filter.values.iter().map(|w| weight(*w)).collect();
    Ok(format!(
        "      <div class=\"cols\"><div class=\"text\"><h3>What it costs</h3><p>With one gray channel to start from, the first warp is a single \
         filter. All that <em>lightweight</em> ever learns of a picture passes through these nine weights.</p></div><div class=\"filter\">\
         <canvas id=\"stem-filter\" role=\"img\" aria-label=\"The filter's nine weights as threads\"></canvas><p class=\"nine\">{filter}</p><p>Give it an ordinary 3×3 layer there, {} parameters \
         more, and trained by the same recipe, in single precision, it gets {} of the validation images right instead of {}.</p></div></div>\n",
        thousands(ordinary.parameters - as_it_is.parameters),
        percent(ordinary.validation),
        percent(as_it_is.validation),
    ))
}
