//! Fetching from a server on loopback that misbehaves in every way we know of.

mod conditional;
mod connections;
mod interrupt;
mod logs;
mod outcomes;
mod packings;
mod politeness;
mod robots;
mod safety;
mod server;
mod setup;
