//! The table of results, in Markdown.

use super::{Case, Measured};
use crate::load::send::PerConnection;

/// What one case gave: relayd's figures, Postfix's figures, where they were measured.
pub type Row = (Case, Option<Measured>, Option<Measured>);

/// Lines of a Markdown table.
pub fn render(rows: &[Row]) -> String {
    let mut text = String::from(
        "| mails | conns | per conn | relay | accepted/s | end to end/s | p50 ms | p99 ms | whole p99 ms | CPU s/1,000 | peak MiB |\n\
         |---|---:|---|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for (case, relayd, postfix) in rows {
        let of =
            |name: &str, cells: String| format!("| {} | {name} | {cells} |\n", case_cells(case));
        if let Some(relayd) = relayd {
            text += &of("relayd", measured_cells(relayd));
        }
        if let Some(postfix) = postfix {
            text += &of("postfix", measured_cells(postfix));
        }
        if let (Some(relayd), Some(postfix)) = (relayd, postfix) {
            text += &of("**ratio**", ratio_cells(relayd, postfix));
        }
    }
    text
}

fn case_cells(case: &Case) -> String {
    let size = if case.size >= 1024 * 1024 {
        format!("{} × {} MiB", case.count, case.size / (1024 * 1024))
    } else {
        format!("{} × {} KiB", case.count, case.size / 1024)
    };
    let per_connection = match case.per_connection {
        PerConnection::One => "one",
        PerConnection::Many => "many",
    };
    format!("{size} | {} | {per_connection}", case.connections)
}

fn measured_cells(measured: &Measured) -> String {
    let failed = match measured.failed {
        0 => String::new(),
        count => format!(" ({count} failed)"),
    };
    format!(
        "{:.0}{failed} | {:.0} | {:.1} | {:.1} | {:.1} | {:.2} | {:.0}",
        measured.accepted_per_second,
        measured.end_to_end_per_second,
        measured.to_250.p50_ms,
        measured.to_250.p99_ms,
        measured.whole.p99_ms,
        measured.cpu_per_1000,
        measured.peak_memory_mib,
    )
}

/// relayd's figures as multiples of Postfix's.
fn ratio_cells(relayd: &Measured, postfix: &Measured) -> String {
    let times = |a: f64, b: f64| format!("{:.2}×", a / b);
    [
        times(relayd.accepted_per_second, postfix.accepted_per_second),
        times(relayd.end_to_end_per_second, postfix.end_to_end_per_second),
        times(relayd.to_250.p50_ms, postfix.to_250.p50_ms),
        times(relayd.to_250.p99_ms, postfix.to_250.p99_ms),
        times(relayd.whole.p99_ms, postfix.whole.p99_ms),
        times(relayd.cpu_per_1000, postfix.cpu_per_1000),
        times(relayd.peak_memory_mib, postfix.peak_memory_mib),
    ]
    .join(" | ")
}
