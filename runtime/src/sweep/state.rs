//! How far a sweep has come.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::item::Item;
use crate::sweep::change::{Changes, SweepChange};
use crate::sweep::error::SweepError;
use crate::sweep::failure::{SweepFailure, item_of, text_of};
use crate::sweep::report::{SweepCounts, SweepReport, SweepStatus, Tally};

/// How far a sweep has come, and what became of the items so far.
#[derive(Clone, Debug)]
pub(crate) struct SweepState {
    /// What is swept: another job does not go on from here.
    pub digest: String,
    pub began: Timestamp,
    pub ended: Option<Timestamp>,
    segments: Vec<SegmentPosition>,
    pub tally: Tally,
}

/// How far a segment has been read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum SegmentPosition {
    #[default]
    Start,
    /// The item with this key was the last.
    After(Item),
    End,
}

impl SweepState {
    pub fn begun(digest: String, now: Timestamp, segments: u32) -> Self {
        let segments = vec![SegmentPosition::Start; usize::try_from(segments).unwrap_or(1)];
        SweepState { digest, began: now, ended: None, segments, tally: Tally::default() }
    }

    pub fn segments(&self) -> u32 {
        u32::try_from(self.segments.len()).unwrap_or(u32::MAX)
    }

    pub fn position(&self, segment: u32) -> SegmentPosition {
        usize::try_from(segment)
            .ok()
            .and_then(|at| self.segments.get(at))
            .cloned()
            .unwrap_or(SegmentPosition::End)
    }

    pub fn go_on(&mut self, segment: u32, position: SegmentPosition) {
        if let Some(place) = usize::try_from(segment).ok().and_then(|at| self.segments.get_mut(at)) {
            *place = position;
        }
    }

    pub fn is_at_end(&self) -> bool {
        self.segments.iter().all(|position| *position == SegmentPosition::End)
    }

    /// What it did so far.
    pub fn report(&self) -> SweepReport {
        SweepReport { began: self.began, ended: self.ended, tally: self.tally.clone() }
    }

    pub fn status(&self) -> SweepStatus {
        let ended = self.segments.iter().filter(|position| **position == SegmentPosition::End).count();
        SweepStatus {
            report: self.report(),
            segments: self.segments(),
            segments_ended: u32::try_from(ended).unwrap_or(u32::MAX),
        }
    }

    /// Takes over what became of some items.
    pub fn add(&mut self, tally: Tally) {
        self.tally.counts.add(&tally.counts);
        for (model, items) in tally.models {
            *self.tally.models.entry(model).or_default() += items;
        }
        for (model, shapes) in tally.shapes {
            let all = self.tally.shapes.entry(model).or_default();
            for (shape, items) in shapes {
                *all.entry(shape).or_default() += items;
            }
        }
        self.tally.changes.extend(&tally.changes);
        tally.failures.into_iter().for_each(|failure| self.tally.list(failure));
    }
}

/// A state as it is kept, in JSON.
#[derive(Serialize, Deserialize)]
struct Kept {
    form: u32,
    digest: String,
    began: Timestamp,
    ended: Option<Timestamp>,
    segments: Vec<KeptPosition>,
    counts: SweepCounts,
    models: BTreeMap<String, u64>,
    #[serde(default)]
    shapes: BTreeMap<String, BTreeMap<u32, u64>>,
    changes: Vec<SweepChange>,
    failures: Vec<SweepFailure>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KeptPosition {
    Start,
    After(String),
    End,
}

/// The most bytes of failures in a checkpoint, about.
const KEPT_BYTES: usize = 20_000;

/// The form of kept states that this version writes, and reads.
const FORM: u32 = 1;

impl SweepState {
    /// As it is kept.
    pub fn text(&self) -> String {
        let segments = self.segments.iter().map(|position| match position {
            SegmentPosition::Start => KeptPosition::Start,
            // Without its text the segment is read from its start again.
            SegmentPosition::After(key) => text_of(key).map_or(KeptPosition::Start, KeptPosition::After),
            SegmentPosition::End => KeptPosition::End,
        });
        let kept = Kept {
            form: FORM,
            digest: self.digest.clone(),
            began: self.began,
            ended: self.ended,
            segments: segments.collect(),
            counts: self.tally.counts,
            models: self.tally.models.clone(),
            shapes: self.tally.shapes.clone(),
            changes: self.tally.changes.list(),
            failures: self.kept_failures(),
        };
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// The first failures: a checkpoint is written again and again, and charged by its size.
    fn kept_failures(&self) -> Vec<SweepFailure> {
        let mut bytes = 0;
        let is_kept = |failure: &&SweepFailure| {
            bytes += failure.to_string().len() * 2;
            bytes <= KEPT_BYTES
        };
        self.tally.failures.iter().take_while(is_kept).cloned().collect()
    }

    /// A state that was kept.
    ///
    /// # Errors
    /// The text is none, or one of a newer version.
    pub fn read(text: &str) -> Result<Self, SweepError> {
        let kept: Kept = serde_json::from_str(text).map_err(|error| {
            SweepError::Store(
                format!("what is kept of the sweep is no checkpoint of this version: {error}").into(),
            )
        })?;
        if kept.form != FORM {
            let message =
                format!("the checkpoint has form {}, and this version reads form {FORM}", kept.form);
            return Err(SweepError::Store(message.into()));
        }
        let segments = kept.segments.into_iter().map(|position| match position {
            KeptPosition::Start => SegmentPosition::Start,
            KeptPosition::After(text) => {
                item_of(&text).map_or(SegmentPosition::Start, SegmentPosition::After)
            }
            KeptPosition::End => SegmentPosition::End,
        });
        Ok(SweepState {
            digest: kept.digest,
            began: kept.began,
            ended: kept.ended,
            segments: segments.collect(),
            tally: Tally {
                counts: kept.counts,
                models: kept.models,
                shapes: kept.shapes,
                changes: Changes::of(kept.changes),
                failures: kept.failures,
            },
        })
    }
}
