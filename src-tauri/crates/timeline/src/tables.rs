//! The pipelines and stages that deals name, and what each stage means.

use std::collections::HashMap;

use crm::{Moment, PipelineId, StageId};

use crate::column::Column;
use crate::histories::narrow;
use crate::parts::StagePart;
use crate::stage::{self, Pipeline, PipelineIx, Say, Stage, StageIx, StageKind};
use crate::tombstone::Tombstone;

/// Pipelines and stages by id, growing by those that only histories still name.
pub(crate) struct Tables {
    pub(crate) pipelines: Vec<Pipeline>,
    pub(crate) stages: Vec<Stage>,
    pipeline_of: HashMap<String, PipelineIx>,
    /// Stage ids are unique in a portal as a rule; where they are not, the deal's pipeline decides.
    stages_of: HashMap<String, Vec<StageIx>>,
}

impl Tables {
    pub(crate) fn new(pipelines: Vec<Pipeline>, stages: &[StagePart]) -> Self {
        let mut tables = Self {
            pipelines: Vec::new(),
            stages: Vec::new(),
            pipeline_of: HashMap::new(),
            stages_of: HashMap::new(),
        };
        for pipeline in pipelines {
            tables.add_pipeline(pipeline);
        }
        for part in stages {
            let pipeline = tables.pipeline(part.pipeline.as_str());
            tables.add_stage(Stage {
                pipeline,
                id: part.id.clone(),
                label: part.label.clone(),
                order: part.order,
                probability: part.probability,
                kind: StageKind::Open,
            });
        }
        tables
    }

    fn add_pipeline(&mut self, pipeline: Pipeline) -> PipelineIx {
        let ix = PipelineIx(narrow(self.pipelines.len()));
        self.pipeline_of.insert(pipeline.id.as_str().to_owned(), ix);
        self.pipelines.push(pipeline);
        ix
    }

    fn add_stage(&mut self, stage: Stage) -> StageIx {
        let ix = StageIx(narrow(self.stages.len()));
        self.stages_of
            .entry(stage.id.as_str().to_owned())
            .or_default()
            .push(ix);
        self.stages.push(stage);
        ix
    }

    pub(crate) fn pipeline(&mut self, id: &str) -> PipelineIx {
        if let Some(&ix) = self.pipeline_of.get(id) {
            return ix;
        }
        let order = i64::MAX;
        self.add_pipeline(Pipeline {
            id: PipelineId::new(id),
            label: id.to_owned(),
            order,
        })
    }

    pub(crate) fn stage(
        &mut self,
        id: &str,
        of: &Column<PipelineIx>,
        row: usize,
        at: Moment,
    ) -> StageIx {
        let (since, pipelines) = of.versions(row);
        // A move to another pipeline may be noted a moment after the new stage.
        let then = of.as_of(row, at).value();
        let next = pipelines[since.partition_point(|&from| from <= at)..]
            .iter()
            .flatten()
            .next();
        if let Some(known) = self.stages_of.get(id) {
            let in_pipeline = |wanted: Option<PipelineIx>| {
                known
                    .iter()
                    .find(|ix| Some(self.stages[ix.index()].pipeline) == wanted)
            };
            let found = in_pipeline(then).or_else(|| in_pipeline(next.copied()));
            if let Some(&ix) = found.or_else(|| known.first()) {
                return ix;
            }
        }
        let pipeline = then
            .or(next.copied())
            .unwrap_or_else(|| self.pipeline("default"));
        self.add_stage(Stage {
            pipeline,
            id: StageId::new(id),
            label: id.to_owned(),
            order: i64::MAX,
            probability: None,
            kind: StageKind::Open,
        })
    }

    /// Decides what each stage means, and lists the deals that say otherwise of themselves.
    pub(crate) fn decide_kinds(
        &mut self,
        stage: &Column<StageIx>,
        tombstones: &[Option<Tombstone>],
        flags: &[Option<StageKind>],
        parts: &[StagePart],
    ) -> HashMap<u32, StageKind> {
        let mut say = vec![Say::default(); self.stages.len()];
        let now: Vec<_> = (0..flags.len())
            .map(|row| stage.versions(row).1.last().copied().flatten())
            .collect();
        for (row, &flag) in flags.iter().enumerate() {
            if let (Some(kind), Some(ix), None) = (flag, now[row], tombstones[row]) {
                let say = &mut say[ix.index()];
                say.deals += 1;
                say.closed += u32::from(kind != StageKind::Open);
                say.won += u32::from(kind == StageKind::Won);
            }
        }
        for (i, stage) in self.stages.iter_mut().enumerate() {
            let closed = parts.get(i).and_then(|part| part.closed);
            stage.kind = stage::kind(say[i], closed, stage.probability);
        }
        let contradictions = flags.iter().enumerate().filter_map(|(row, &flag)| {
            let kind = flag?;
            (self.stages[now[row]?.index()].kind != kind).then_some((narrow(row), kind))
        });
        contradictions.collect()
    }
}
