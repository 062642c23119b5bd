//! The weights of the features, fitted by `cargo xtask fit-reading`. docs/reading.md describes how to repeat the fit.

use super::features::FEATURES;

/// The manual weights of tables, in the order of [`FEATURES`]. The fit starts from them and stays close to them.
#[rustfmt::skip]
pub const PRIOR_WEIGHTS: [f64; FEATURES.len()] = [
    -4.0, // bias
     3.0, // key_header_sure
     1.0, // key_header_weak
     0.0, // key_header_guess
     0.0, // key_header_status
     1.5, // header_names_error_code
     0.8, // text_header
     0.8, // message_header
     0.8, // solution_header
     0.5, // status_column
    -4.0, // foreign_headers
     0.5, // key_codes
     1.0, // key_code_weight
     0.5, // key_symbols
     0.5, // key_numbers
     0.5, // key_unique
     0.2, // key_same_shape
     1.5, // key_error_names
    -0.8, // key_lower_words
    -2.0, // key_field_names
    -3.0, // key_http_statuses
    -2.0, // key_paths
     0.4, // key_is_first
     0.3, // second_code_column
     0.5, // text_sentences
     2.0, // trouble
    -3.0, // types
    -1.2, // flags
    -1.5, // reason_phrases
     2.0, // title_errors
     1.0, // title_codes
    -1.0, // title_statuses
    -1.5, // title_others
     0.8, // above_errors
    -0.8, // above_others
     0.8, // page_errors
     0.5, // intro_errors
     0.3, // intro_codes
     0.5, // rows
     0.0, // columns
    -0.5, // no_header
    -5.0, // key_reason_phrases
    -2.5, // key_only_http_statuses
    -1.0, // key_counted
     0.8, // success
     1.0, // title_result_codes
     1.6, // header_result_codes
     1.5, // other_error_names
     2.0, // status_header
     0.3, // header_speaks_of_errors
     0.5, // key_numbered
];

/// The fitted weights of tables, in the order of [`FEATURES`].
#[rustfmt::skip]
pub(crate) const TABLE_WEIGHTS: [f64; FEATURES.len()] = [
    -4.47, // bias
     2.92, // key_header_sure
     1.00, // key_header_weak
    -0.10, // key_header_guess
     0.22, // key_header_status
     1.26, // header_names_error_code
     0.91, // text_header
     0.77, // message_header
     0.82, // solution_header
     0.35, // status_column
    -4.08, // foreign_headers
     0.14, // key_codes
     0.80, // key_code_weight
     0.14, // key_symbols
     0.97, // key_numbers
     0.03, // key_unique
    -0.25, // key_same_shape
     1.47, // key_error_names
    -0.92, // key_lower_words
    -2.07, // key_field_names
    -2.98, // key_http_statuses
    -2.00, // key_paths
    -0.09, // key_is_first
     0.35, // second_code_column
     0.29, // text_sentences
     2.09, // trouble
    -3.05, // types
    -1.18, // flags
    -1.49, // reason_phrases
     1.65, // title_errors
     1.18, // title_codes
    -0.82, // title_statuses
    -1.43, // title_others
     0.40, // above_errors
    -0.65, // above_others
     0.48, // page_errors
     0.52, // intro_errors
     0.55, // intro_codes
     0.49, // rows
    -0.26, // columns
    -0.86, // no_header
    -5.15, // key_reason_phrases
    -2.50, // key_only_http_statuses
    -0.90, // key_counted
     1.00, // success
     1.19, // title_result_codes
     1.52, // header_result_codes
     1.52, // other_error_names
     1.85, // status_header
     0.08, // header_speaks_of_errors
     0.56, // key_numbered
];

/// The weights of lists, in the order of [`FEATURES`]. They are set manually, since few lists are labelled.
#[rustfmt::skip]
pub(super) const LIST_WEIGHTS: [f64; FEATURES.len()] = [
    -5.0, // bias
     0.0, // key_header_sure
     0.0, // key_header_weak
     0.0, // key_header_guess
     0.0, // key_header_status
     0.0, // header_names_error_code
     1.5, // text_header
     0.5, // message_header
     2.0, // solution_header
     1.5, // status_column
    -2.0, // foreign_headers
     0.0, // key_codes
     2.0, // key_code_weight
     0.0, // key_symbols
     0.3, // key_numbers
     0.3, // key_unique
     0.0, // key_same_shape
     2.0, // key_error_names
    -1.5, // key_lower_words
    -3.0, // key_field_names
    -4.0, // key_http_statuses
    -2.0, // key_paths
     0.0, // key_is_first
     0.4, // second_code_column
     0.8, // text_sentences
     2.0, // trouble
    -3.0, // types
    -3.0, // flags
    -1.0, // reason_phrases
     2.0, // title_errors
     1.2, // title_codes
    -1.0, // title_statuses
    -3.0, // title_others
     0.8, // above_errors
    -1.0, // above_others
     0.8, // page_errors
     0.5, // intro_errors
     0.3, // intro_codes
     1.0, // rows
     0.0, // columns
     0.0, // no_header
    -2.0, // key_reason_phrases
    -2.0, // key_only_http_statuses
    -0.5, // key_counted
     0.5, // success
     1.0, // title_result_codes
     0.0, // header_result_codes
     0.5, // other_error_names
     0.5, // status_header
     2.0, // header_speaks_of_errors
     2.0, // key_numbered
];
