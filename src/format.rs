//! Figures as text, by the same rules on the page, in README and in a terminal.

/// A share as percent with two digits: `94.46 %`.
pub fn percent(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}

/// A 95 % interval: `93.99 to 94.89 %`.
pub fn interval([low, high]: [f64; 2]) -> String {
    format!("{:.2} to {:.2} %", low * 100.0, high * 100.0)
}

/// Digits in groups of three: `2,067,850`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count, from 1,000 on in thousands or millions: `999`, `16 k`, `117.1 M`.
pub fn counted(number: usize) -> String {
    match number {
        ..1000 => number.to_string(),
        1000..100_000 => format!("{:.0} k", number as f64 / 1e3),
        _ => format!("{:.1} M", number as f64 / 1e6),
    }
}

/// A size in kilobytes of 1,000 bytes, rounded to the nearest: whole from 100 kB on, else with one digit after the point:
/// `3,188 kB`, `24.2 kB`. The sizes of files are written so; the axis of a chart has its own short names for its divisions.
pub fn kilobytes(bytes: usize) -> String {
    // From here on, one digit after the point would round to "100.0".
    let number = if bytes >= 99_950 {
        thousands((bytes + 500) / 1000)
    } else {
        format!("{:.1}", bytes as f64 / 1000.0)
    };
    format!("{number}\u{a0}kB")
}

/// A size in kilobytes beside a time, which must fit one line on a phone: whole from 10 kB on, else with one digit after
/// the point: `95 kB`, `2.9 kB`.
pub fn whole_kilobytes(bytes: usize) -> String {
    match bytes {
        // From here on, one digit after the point would round to "10.0".
        9_950.. => format!("{}\u{a0}kB", thousands((bytes + 500) / 1000)),
        _ => kilobytes(bytes),
    }
}

/// A duration with three significant digits; never "0 ms".
pub fn milliseconds(duration: f64) -> String {
    match duration {
        d if d >= 100.0 => format!("{d:.0} ms"),
        d if d >= 10.0 => format!("{d:.1} ms"),
        d if d >= 1.0 => format!("{d:.2} ms"),
        d => format!("{:.0} µs", (d * 1000.0).max(1.0)),
    }
}

/// A small number as a word: `eight`; larger ones in digits.
pub fn word(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number)
        .map_or_else(|| thousands(number), |word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped_from_the_right() {
        assert_eq!(
            ["7", "178968", "2067850"].map(|n| thousands(n.parse().unwrap())),
            ["7", "178,968", "2,067,850"]
        );
    }

    #[test]
    fn kilobytes_are_rounded_to_the_nearest() {
        assert_eq!(
            [24_196, 99_949, 99_950, 99_999, 100_172].map(kilobytes),
            ["24.2", "99.9", "100", "100", "100"].map(|number| format!("{number}\u{a0}kB"))
        );
        assert_eq!(
            [3_188_499, 3_188_500].map(kilobytes),
            ["3,188", "3,189"].map(|number| format!("{number}\u{a0}kB"))
        );
        assert_eq!(
            [2_928, 9_949, 9_950, 95_025, 3_188_500].map(whole_kilobytes),
            ["2.9", "9.9", "10", "95", "3,189"].map(|number| format!("{number}\u{a0}kB"))
        );
    }

    #[test]
    fn durations_have_three_digits_and_are_never_zero() {
        assert_eq!(
            [123.4, 12.34, 1.234, 0.1234, 0.0].map(milliseconds),
            ["123 ms", "12.3 ms", "1.23 ms", "123 µs", "1 µs"]
        );
    }

    #[test]
    fn small_numbers_are_words() {
        assert_eq!(
            [0, 8, 12, 1300].map(word),
            ["no", "eight", "twelve", "1,300"]
        );
    }
}
