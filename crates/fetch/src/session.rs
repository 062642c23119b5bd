//! What all requests of one run share: settings, HTTP clients, hosts and the conditions that stop the run.

pub(crate) mod client;
pub(crate) mod host;
mod pacer;
pub(crate) mod stop;

use self::client::Clients;
use self::host::Hosts;
use self::stop::StopCondition;
use crate::settings::Settings;

/// The shared context of one run.
pub(crate) struct Session<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) clients: Clients<'a>,
    pub(crate) hosts: Hosts<'a>,
    pub(crate) stop: StopCondition,
}

impl<'a> Session<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            clients: Clients::new(settings),
            hosts: Hosts::new(settings),
            stop: StopCondition::new(settings),
        }
    }
}
