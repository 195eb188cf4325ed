//! The log of a run: thinned to few lines, and drawn.

use std::path::Path;
use threadcount::train::log::{self, LogLine};
use threadcount::train::plot;

#[test]
fn a_log_is_thinned_and_drawn() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("thin.csv");
    let lines: Vec<LogLine> = (1..=10)
        .map(|step| LogLine {
            step,
            learning_rate: 0.5,
            loss: step as f64,
            validation: (step == 5).then_some(0.75),
            drawn_validation: (step == 5).then_some(0.5),
        })
        .collect();
    log::write_thinned(&lines, 4, &path).unwrap();
    let thin = log::read(&path).unwrap();
    // Means of steps 1 to 4, of 5, which ends an epoch, and of 6 to 9; 10 is not enough for a line.
    let found: Vec<(usize, f64)> = thin.iter().map(|line| (line.step, line.loss)).collect();
    assert_eq!(found, [(4, 2.5), (5, 5.0), (9, 7.5)]);
    assert_eq!(
        (thin[1].validation, thin[1].drawn_validation),
        (Some(0.75), Some(0.5))
    );
    let svg = plot::training("a run", &thin).unwrap();
    assert!(
        svg.contains("a run") && svg.contains("validation accuracy"),
        "{svg}"
    );
    assert!(plot::training("nothing", &[]).is_err());
}
