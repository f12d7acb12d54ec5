//! A plan's steps as a graph: who waits for whom, and how long the way to the end is from each.

use std::collections::{BTreeMap, BTreeSet};

use slipway_protocol::plan::{Action, Plan, Step};

use super::turns;

/// Taken where a step does not say how long it usually takes, in seconds.
const USUAL_SECONDS: u32 = 20;

/// The steps with what the schedule needs to know of them; a step is named by its position in the plan.
#[derive(Default)]
pub struct Graph {
    nodes: Vec<Node>,
    turns: Vec<Vec<usize>>,
}

/// One step.
pub struct Node {
    /// Its id in the plan.
    pub id: String,
    /// The steps that must have ended well before.
    pub needs: Vec<usize>,
    /// The resource class that it holds alone while it runs.
    pub resource: Option<String>,
    /// It runs alone, because it takes the machine down.
    pub restarts: bool,
    /// How long it usually takes, in seconds.
    pub seconds: u64,
    /// The plan says how long it usually takes.
    pub is_known: bool,
    /// Seconds from its start to the end of the plan along the longest way that leads on from it.
    pub tail: u64,
}

impl Graph {
    /// Reads the graph of a plan, or says in a sentence what is wrong with the plan.
    pub fn new(plan: &Plan) -> Result<Self, String> {
        let positions = positions(&plan.steps)?;
        let mut nodes = Vec::with_capacity(plan.steps.len());
        for step in &plan.steps {
            nodes.push(node(step, &positions)?);
        }
        if let Some(unknown) = plan
            .fail_at
            .as_ref()
            .filter(|id| !positions.contains_key(id.as_str()))
        {
            return Err(format!(
                "A failure was to be practised at the step “{unknown}”, but the plan has no such step."
            ));
        }
        let turns = vec![Vec::new(); nodes.len()];
        let mut graph = Graph { nodes, turns };
        graph.measure_tails()?;
        graph.turns = turns::turns(&graph);
        Ok(graph)
    }

    /// The steps that should hold a step's resource before it.
    pub fn turns_before(&self, at: usize) -> &[usize] {
        &self.turns[at]
    }

    /// The steps of each resource.
    pub fn classes(&self) -> Vec<Vec<usize>> {
        let mut classes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if let Some(resource) = &node.resource {
                classes.entry(resource).or_default().push(at);
            }
        }
        classes.into_values().collect()
    }

    /// The steps in the plan's order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Seconds of the longest way through the plan.
    pub fn critical_path(&self) -> u64 {
        self.nodes.iter().map(|node| node.tail).max().unwrap_or(0)
    }

    fn measure_tails(&mut self) -> Result<(), String> {
        for &at in self.topological()?.iter().rev() {
            let tail = self.nodes[at].tail + self.nodes[at].seconds;
            self.nodes[at].tail = tail;
            for need in self.nodes[at].needs.clone() {
                self.nodes[need].tail = self.nodes[need].tail.max(tail);
            }
        }
        Ok(())
    }

    fn topological(&self) -> Result<Vec<usize>, String> {
        let mut order: Vec<usize> = Vec::with_capacity(self.nodes.len());
        let mut placed = BTreeSet::new();
        while order.len() < self.nodes.len() {
            let before = order.len();
            for (at, node) in self.nodes.iter().enumerate() {
                if !placed.contains(&at) && node.needs.iter().all(|need| placed.contains(need)) {
                    placed.insert(at);
                    order.push(at);
                }
            }
            if order.len() == before {
                let stuck = (0..self.nodes.len()).find(|at| !placed.contains(at));
                let id = stuck.map_or("", |at| self.nodes[at].id.as_str());
                return Err(format!(
                    "The plan's steps wait for each other in a circle, at “{id}”."
                ));
            }
        }
        Ok(order)
    }
}

fn positions(steps: &[Step]) -> Result<BTreeMap<&str, usize>, String> {
    let mut positions = BTreeMap::new();
    for (at, step) in steps.iter().enumerate() {
        if positions.insert(step.id.as_str(), at).is_some() {
            return Err(format!("The plan has two steps with the id “{}”.", step.id));
        }
    }
    Ok(positions)
}

fn node(step: &Step, positions: &BTreeMap<&str, usize>) -> Result<Node, String> {
    let position = |id: &String| {
        let missing = || {
            format!(
                "The step “{}” needs the step “{id}”, which the plan lacks.",
                step.id
            )
        };
        positions.get(id.as_str()).copied().ok_or_else(missing)
    };
    Ok(Node {
        id: step.id.clone(),
        needs: step.needs.iter().map(position).collect::<Result<_, _>>()?,
        resource: step.resource.clone(),
        restarts: matches!(step.action, Action::Restart {}),
        seconds: u64::from(step.usual_seconds.unwrap_or(USUAL_SECONDS)),
        is_known: step.usual_seconds.is_some(),
        tail: 0,
    })
}
