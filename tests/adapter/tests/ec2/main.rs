//! Our adapter on the cloud of the tests. Names say whose word is tested: moto's with changes (`rewritten_`) or that
//! cloud's own (`ours_`); what moto alone can witness is tested beside the adapter.

mod consistency;
mod denied;
mod lost;
mod refused;
mod story;
mod time;
mod world;
