//! Rust's names and marks, without comments and literals: enough to follow paths.

/// A piece of source code.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name or a keyword.
    Name(String),
    /// Any other character that is code.
    Mark(char),
}

impl Token {
    /// Whether it is this mark.
    pub fn is(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }

    /// Whether it is this name.
    pub fn is_name(&self, name: &str) -> bool {
        matches!(self, Self::Name(found) if found == name)
    }
}

/// Cut a text into tokens.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        at += match rest {
            ['/', '/', ..] => rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()),
            ['/', '*', ..] => block_comment(rest),
            ['"', ..] => string(rest),
            ['r', '"' | '#', ..] if raw_string(rest) > 0 => raw_string(rest),
            ['b', 'r', '"' | '#', ..] if raw_string(&rest[1..]) > 0 => 1 + raw_string(&rest[1..]),
            ['b' | 'c', '"', ..] => 1 + string(&rest[1..]),
            ['b', '\'', ..] => 1 + character(&rest[1..]),
            ['\'', ..] => character(rest),
            [c, ..] if c.is_alphanumeric() || *c == '_' => {
                let end = rest
                    .iter()
                    .position(|c| !(c.is_alphanumeric() || *c == '_'));
                let name: String = rest[..end.unwrap_or(rest.len())].iter().collect();
                let length = name.chars().count();
                if !c.is_numeric() {
                    found.push(Token::Name(name));
                }
                length
            }
            [c, ..] => {
                if !c.is_whitespace() {
                    found.push(Token::Mark(*c));
                }
                1
            }
            [] => 0,
        };
    }
    found
}

fn block_comment(text: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(text: &[char]) -> usize {
    let mut at = 1;
    while at < text.len() && text[at] != '"' {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// The length of a raw string; 0 when it is none, but a raw name.
fn raw_string(text: &[char]) -> usize {
    let hashes = text[1..].iter().take_while(|c| **c == '#').count();
    if text.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let end: Vec<char> = std::iter::once('"').chain(vec!['#'; hashes]).collect();
    let body = 2 + hashes;
    let length = text[body..].windows(end.len()).position(|w| w == end);
    length.map_or(text.len(), |length| body + length + end.len())
}

/// A character, or the mark of a lifetime.
fn character(text: &[char]) -> usize {
    match text {
        ['\'', '\\', _, rest @ ..] => 3 + rest.iter().position(|c| *c == '\'').unwrap_or(0) + 1,
        ['\'', _, '\'', ..] => 3,
        _ => 1,
    }
}

/// Leave out what follows `#[cfg(test)]` or `#[cfg(all(test, ..))]`: a module, a function or a line.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(end) = test_attribute(&tokens[at..]) else {
            found.push(tokens[at].clone());
            at += 1;
            continue;
        };
        at += end;
        let mut depth = 0;
        while at < tokens.len() {
            match &tokens[at] {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => depth -= 1,
                _ => {}
            }
            let is_over = depth == 0 && (tokens[at].is('}') || tokens[at].is(';'));
            at += 1;
            if is_over {
                break;
            }
        }
    }
    found
}

/// The length of an attribute that asks for `test`.
fn test_attribute(tokens: &[Token]) -> Option<usize> {
    let [
        Token::Mark('#'),
        Token::Mark('['),
        cfg,
        Token::Mark('('),
        rest @ ..,
    ] = tokens
    else {
        return None;
    };
    let asks = match rest {
        [test, Token::Mark(')'), ..] => test.is_name("test"),
        [all, Token::Mark('('), test, ..] => all.is_name("all") && test.is_name("test"),
        _ => false,
    };
    let end = tokens.iter().position(|token| token.is(']'))?;
    (cfg.is_name("cfg") && asks).then_some(end + 1)
}
