//! Fetches from a server on loopback that misbehaves in every known way.

mod conditional;
mod connections;
mod encodings;
mod interrupt;
mod logs;
mod outcomes;
mod politeness;
mod robots;
mod safety;
mod setup;
