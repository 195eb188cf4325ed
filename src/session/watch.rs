//! A watch over a program: it notices when one that owes something says nothing any more. A program may end without a
//! word, as a browser may end it that is short of memory.

/// What a silence says of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Liveness {
    /// It has said something, or owes nothing.
    Alive,
    /// It may have ended: wait once more, with a timer of this number.
    Unsure(u64),
    /// It has ended.
    Ended,
}

/// What is heard of one program, and the silence that is waited for.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// How much it has said since its start.
    heard: u64,
    /// None while it owes nothing.
    silence: Option<Silence>,
}

/// How a silence is waited for.
#[derive(Clone, Copy, Debug)]
struct Silence {
    /// What had been heard when it began.
    heard: u64,
    /// Whether this is the second time in a row.
    again: bool,
}

impl Watch {
    /// It said something.
    pub fn hear(&mut self) {
        self.heard += 1;
    }

    /// It owes something: the number of the timer to set, unless one is set.
    pub fn begin(&mut self) -> Option<u64> {
        self.silence.is_none().then(|| self.listen(false))
    }

    fn listen(&mut self, again: bool) -> u64 {
        let heard = self.heard;
        self.silence = Some(Silence { heard, again });
        heard
    }

    /// The timer of this number is over: what to think of a program that still owes something, or owes nothing.
    pub fn time_over(&mut self, number: u64, owes: bool) -> Liveness {
        match self.silence.take_if(|silence| silence.heard == number) {
            Some(silence) if owes => {
                let is_silent = self.heard == number;
                if is_silent && silence.again {
                    Liveness::Ended
                } else {
                    Liveness::Unsure(self.listen(is_silent))
                }
            }
            _ => Liveness::Alive,
        }
    }

    /// Whether it has said nothing for the whole time of one timer.
    pub fn is_late(&self) -> bool {
        let is_late = |silence: Silence| silence.again && silence.heard == self.heard;
        self.silence.is_some_and(is_late)
    }
}
