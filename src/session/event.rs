//! What happens to a session ([`Event`]) and what it asks the page to do ([`Effect`]).

use super::availability::Availability;
use super::picture::Picture;
use super::squeeze::Grip;
use crate::drawing::Levels;
use crate::protocol::{DecodeRequest, Inspected, PictureNumber, Request, Response};
use crate::squeeze::Setting;

/// Which start of a program a message or a timer belongs to; a later start has a larger number.
pub type Generation = u32;

/// A file that the page holds until the session asks for its bytes.
pub type FileKey = u32;

/// What computes the networks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Program {
    /// Our engine.
    #[default]
    Engine,
    /// Burn, the reference.
    Burn,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The page is set up.
    Opened,
    /// The worker said something.
    Worker(Generation, Response),
    /// The decoder said something.
    Decoder(Generation, Response),
    /// A timer ran out.
    TimeOver(Timer),
    /// The drawing changed.
    Drawn(Levels),
    /// A picture that is ready for the models was chosen: a test image, that of a link, or one that Undo brings back.
    PictureChosen(Picture),
    /// A pointer, a key or our own hand draws; or it has let go.
    Held(bool),
    /// The visitor chose a file; its bytes are not read yet. The note, if any, is for the visitor.
    FileChosen(FileKey, Option<String>),
    /// The bytes of the file that is this picture are here, or why they cannot be read.
    FileRead(PictureNumber, Result<Vec<u8>, String>),
    /// The visitor gave something that is no picture; the sentence says what to do.
    GiftRefused(String),
    /// "Measure again" was pressed.
    MeasurePressed,
    /// "Start" of the evaluation was pressed, for so many test images.
    EvaluatePressed(usize),
    /// "Cancel" of the evaluation was pressed.
    CancelPressed,
    /// A dial of the squeeze was moved or let go: the network, how much it is squeezed.
    Squeezed(String, Setting, Grip),
    /// The squeezed network is to be scored on all test images; pressed again, it ends there.
    ScoreAllPressed,
    /// "Find the edge" was pressed; pressed again, the search ends.
    EdgePressed,
    /// The network as trained is to be shown instead of the squeezed one, or the other way round.
    OriginalToggled,
    /// The visitor gave a weights file or a network's packed bytes, or why they cannot be read.
    SqueezedFileGiven(Result<Vec<u8>, String>),
    /// The QR code of the squeezed network is to be shown.
    CodePressed,
    /// The QR code was closed.
    CodeClosed,
    /// The file of the squeezed network was asked for.
    SqueezedFilePressed,
    /// A part of the page that looks inside a model came into view, or left it.
    InspectionSeen(Inspected, bool),
    /// Another model is to be looked into.
    InspectedModelChosen(Inspected, String),
    /// Another program is to compute.
    ProgramChosen(Program),
    /// Whether Burn can be loaded is known, or could not be found out.
    BurnIs(Availability),
    /// "Retry" of a notice was pressed.
    RetryPressed,
    /// "Retry" of one model was pressed.
    RetryModelPressed(String),
    /// The message was closed.
    MessageClosed,
    /// The browser lost its connection.
    WentOffline,
    /// The browser has a connection again.
    WentOnline,
}

/// A timer; when it runs out, the session ignores it if it is no longer of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// The worker should have started by now.
    WorkerStart(Generation),
    /// There was no input for a while; the number tells the timers apart.
    Rest(u64),
    /// The worker, which owes something, should have said something since it had said so much.
    WorkerSilence(Generation, u64),
    /// The decoder, which a file waits for, should have said something since it had said so much.
    DecoderSilence(Generation, u64),
    /// Burn, which was being built, may be ready.
    AskForBurnAgain,
}

/// Something that the page has to do, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Start the worker's program; one that is running is ended.
    StartWorker(Program, Generation),
    /// End the worker's program.
    StopWorker,
    /// Send to the worker.
    ToWorker(Request),
    /// Find out whether Burn can be loaded and report [`Event::BurnIs`].
    AskForBurn,
    /// Start the decoder's program; one that is running is ended.
    StartDecoder(Generation),
    /// End the decoder's program.
    StopDecoder,
    /// Send to the decoder.
    ToDecoder(DecodeRequest),
    /// Read a file and report [`Event::FileRead`].
    ReadFile(FileKey, PictureNumber),
    /// Report [`Event::TimeOver`] after so many milliseconds.
    SetTimer(Timer, u32),
    /// Show a model anew.
    ShowModel(String),
    /// Show the 28x28 picture anew.
    ShowPicture,
    /// Show the evaluation anew.
    ShowEvaluation,
    /// Show the comparison of times, the chart included, anew.
    ShowTimes,
    /// Show the squeezed network anew.
    ShowSqueeze,
    /// Show a look inside anew.
    ShowInspection(Inspected),
    /// Give the visitor a file of this name.
    SaveFile(String, Vec<u8>),
    /// Let a screen reader say a text.
    Announce(String),
}
