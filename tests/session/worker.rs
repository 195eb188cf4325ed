//! The worker of a [`World`]: what it will say to each request.

use super::World;
use crate::replies::{
    findings, loaded, measured, prediction, score, seen, squeezed, squeezed_prediction,
    squeezed_timed,
};
use serde_bytes::ByteBuf;
use threadcount::protocol::{Inspection, PictureNumber, Request, Response, StopNumber};
use threadcount::squeeze::{ImageSet, Scale, Setting};
use threadcount::timing::Thoroughness;

impl World {
    pub(super) fn work(&mut self, request: Request) {
        let says = &mut self.worker.says;
        match request {
            Request::Draw { number, drawing } => {
                let tag = drawing.to_rgba().pixels()[0];
                says.push_back(seen(number, tag));
                self.current = (tag > 0).then_some((number, tag));
                self.answer(number);
            }
            Request::Show { number, image, .. } => {
                self.current = Some((number, image.pixels()[0]));
                self.answer(number);
            }
            Request::Measure { task, stop, models } => {
                if let Some((number, _)) = self.current {
                    says.extend(stop.map(squeezed_timed));
                    for model in models {
                        says.push_back(measured(number, &model, Thoroughness::Full));
                    }
                }
                says.push_back(Response::TaskFinished { task });
            }
            Request::Ping => says.push_back(Response::Alive),
            Request::Evaluate {
                task,
                images,
                models,
            } => {
                let correct: Vec<_> = models.into_iter().map(|m| (m, images / 2)).collect();
                for done in [images / 2, images] {
                    says.push_back(Response::Evaluated {
                        task,
                        done,
                        total: images,
                        correct: correct.clone(),
                        // Every image is of class 1, and every second one is taken for class 2.
                        labels: ByteBuf::from(vec![1; images / 2]),
                        answers: correct
                            .iter()
                            .map(|(model, _)| {
                                let classes = (0..images / 2).map(|i| 1 + (i % 2) as u8);
                                (model.clone(), ByteBuf::from(classes.collect::<Vec<_>>()))
                            })
                            .collect(),
                    });
                }
                says.push_back(Response::TaskFinished { task });
            }
            Request::Cancel { .. } | Request::Online => {}
            Request::Squeeze {
                stop, setting, on, ..
            } => {
                // A newer stop ends what was under way; what it has said stays on its way.
                self.squeezed = Some((stop, setting));
                self.answer_squeezed();
                self.worker.says.push_back(squeezed(stop, setting));
                self.score(stop, setting, on);
            }
            Request::Score { stop, on } => {
                if let Some((present, setting)) = self.squeezed
                    && present == stop
                {
                    self.score(stop, setting, on);
                }
            }
            Request::Recognize { bytes } => says.push_back(match bytes[..] {
                [bits] => Response::Recognized {
                    model: "small".to_owned(),
                    setting: Setting::new(bits, 0, Scale::Channel).unwrap(),
                },
                _ => Response::NotRecognized {
                    message: "no weights file".to_owned(),
                },
            }),
            Request::Inspect(inspection) => self.inspect(&inspection),
            Request::SqueezedFile { stop } => {
                says.push_back(Response::SqueezedFile {
                    stop,
                    name: format!("{stop}.safetensors"),
                    bytes: vec![1],
                });
            }
            Request::Retry { model } => {
                let (name, _) = self.models.iter().find(|(m, _)| *m == model).unwrap();
                says.push_back(loaded(name));
            }
        }
    }

    /// A newer picture ends a look inside; what was said of it stays on its way.
    fn inspect(&mut self, inspection: &Inspection) {
        let tag = inspection.image.pixels()[0];
        if self.current.is_none_or(|(_, current)| current != tag) {
            return;
        }
        for finding in findings(inspection.inspected, &inspection.model, tag) {
            let number = inspection.number;
            self.worker
                .says
                .push_back(Response::Inspected { number, finding });
        }
    }

    fn answer_squeezed(&mut self) {
        if let (Some((number, tag)), Some((stop, setting))) = (self.current, self.squeezed) {
            let prediction = squeezed_prediction(tag, setting);
            self.worker.says.push_back(Response::SqueezedPredicted {
                stop,
                number,
                prediction,
            });
        }
    }

    fn score(&mut self, stop: StopNumber, setting: Setting, on: ImageSet) {
        for done in [on.count() / 2, on.count()] {
            let score = score(setting, on, done);
            self.worker
                .says
                .push_back(Response::SqueezedScored { stop, score });
        }
    }

    /// Let every model that is loaded answer the picture that the worker holds.
    fn answer(&mut self, number: PictureNumber) {
        for name in self.loaded.clone() {
            self.answer_by(name);
        }
        self.answer_squeezed();
        self.worker.says.push_back(Response::Answered { number });
    }

    pub(super) fn answer_by(&mut self, name: &str) {
        if let Some((number, tag)) = self.current {
            self.worker.says.push_back(Response::Predicted {
                number,
                model: name.to_owned(),
                prediction: prediction(tag),
            });
            let quick = measured(number, name, Thoroughness::Quick);
            self.worker.says.push_back(quick);
        }
    }
}
