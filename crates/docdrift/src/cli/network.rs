//! The notes about the network after a run.

use docdrift_fetch::HostSummary;
use docdrift_report::escape;

use super::output;
use crate::pipeline::NetworkSummary;

/// Prints a line for each host, and whether the run was interrupted.
pub(crate) fn note_network(summary: &NetworkSummary) {
    summary.hosts.iter().for_each(|host| output::note(&escape::terminal(&describe_host(host))));
    if summary.is_interrupted {
        output::note("interrupted: what was fetched is kept, the other sources stay as they are");
    }
}

fn describe_host(host: &HostSummary) -> String {
    let HostSummary { host, requests, bytes, not_modified, retries, waited, failures } = host;
    format!(
        "{host}: {requests} request(s), {bytes} bytes, {not_modified} not modified, {retries} again, {failures} failed, \
         waited {:.1} s",
        waited.as_secs_f64()
    )
}
