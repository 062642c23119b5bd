//! The notes about the network after a run.

use docdrift_fetch::HostSummary;
use docdrift_report::{Phrases, escape, fill};

use super::output;
use crate::pipeline::NetworkSummary;

/// Prints a line for each host, and whether the run was interrupted.
pub(crate) fn note_network(summary: &NetworkSummary, phrases: &Phrases) {
    summary.hosts.iter().for_each(|host| output::note(&escape::terminal(&describe_host(host, phrases))));
    if summary.is_interrupted {
        output::note(phrases.interrupted);
    }
}

fn describe_host(host: &HostSummary, phrases: &Phrases) -> String {
    let HostSummary { host, request_count, byte_count, not_modified_count, retry_count, failure_count, wait_time } =
        host;
    let counts = [request_count, not_modified_count, retry_count, failure_count].map(ToString::to_string);
    let [requests, not_modified, retries, failures] = &counts;
    let (bytes, waited) = (byte_count.to_string(), format!("{:.1}", wait_time.as_secs_f64()));
    fill(phrases.host_summary, &[host, requests, &bytes, not_modified, retries, failures, &waited])
}
