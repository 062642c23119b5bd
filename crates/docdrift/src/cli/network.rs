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
    let HostSummary { host, request_count, byte_count, not_modified_count, retry_count, failure_count, wait_time } =
        host;
    format!(
        "{host}: {request_count} request(s), {byte_count} bytes, {not_modified_count} not modified, {retry_count} again, \
         {failure_count} failed, waited {:.1} s",
        wait_time.as_secs_f64()
    )
}
