//! The model: a logistic regression, regularised towards weights set by hand and fitted by Newton's method. The loss is
//! convex, so the result does not depend on a start, an order or a seed.

use docdrift_parse::{FEATURES, PRIOR_WEIGHTS};

use super::examples::Example;

/// The strength of the pull towards the weights set by hand: few vendors are labelled.
const PENALTY: f64 = 8.0;
/// Newton's method ends when no weight moves by more.
const TOLERANCE: f64 = 1e-6;
const MAX_STEPS: usize = 60;
const MAX_HALVINGS: usize = 30;

/// The weights of tables, in the order of [`FEATURES`].
pub(super) type Weights = [f64; FEATURES.len()];

/// Fits the weights to the examples, near the weights set by hand.
pub(super) fn fit<'a>(examples: impl Iterator<Item = &'a Example>) -> Weights {
    let examples: Vec<&Example> = examples.collect();
    let size = FEATURES.len();
    let mut weights = PRIOR_WEIGHTS;
    for _ in 0..MAX_STEPS {
        let pulls = weights.iter().zip(PRIOR_WEIGHTS).map(|(weight, prior)| -PENALTY * (weight - prior));
        let mut gradient: Vec<f64> = pulls.collect();
        let mut hessian = vec![vec![0.0; size]; size];
        for (n, row) in hessian.iter_mut().enumerate() {
            row[n] = PENALTY;
        }
        for example in &examples {
            let probability = sigmoid(dot(&weights, &example.features));
            let label = if example.is_wanted { 1.0 } else { 0.0 };
            let slope = example.weight * (label - probability);
            let curvature = example.weight * probability * (1.0 - probability);
            for (n, value) in example.features.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                gradient[n] += slope * value;
                for (other, sum) in example.features.iter().zip(hessian[n].iter_mut()) {
                    *sum += curvature * value * other;
                }
            }
        }
        let step = solve(hessian, gradient);
        weights = search_line(&examples, &weights, &step);
        if step.iter().all(|step| step.abs() < TOLERANCE) {
            break;
        }
    }
    weights
}

/// Halves a step until the loss falls: a whole step of Newton's method may overshoot.
fn search_line(examples: &[&Example], weights: &Weights, step: &[f64]) -> Weights {
    let before = loss(examples, weights);
    let mut scale = 1.0;
    for _ in 0..MAX_HALVINGS {
        let moved: Weights = std::array::from_fn(|n| weights[n] + scale * step[n]);
        if loss(examples, &moved) <= before {
            return moved;
        }
        scale /= 2.0;
    }
    *weights
}

/// The negative log-likelihood and the penalty.
fn loss(examples: &[&Example], weights: &[f64]) -> f64 {
    let example_loss = |example: &Example| {
        let score = dot(weights, &example.features);
        let margin = if example.is_wanted { -score } else { score };
        // ln(1 + e^margin) without overflow.
        example.weight * (margin.max(0.0) + (-margin.abs()).exp().ln_1p())
    };
    let pull = weights.iter().zip(PRIOR_WEIGHTS).map(|(weight, prior)| (weight - prior).powi(2)).sum::<f64>();
    examples.iter().copied().map(example_loss).sum::<f64>() + PENALTY * pull / 2.0
}

/// Solves a symmetric, positive definite system by elimination.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for n in 0..size {
        for below in n + 1..size {
            let factor = matrix[below][n] / matrix[n][n];
            let pivot = matrix[n].clone();
            matrix[below].iter_mut().zip(&pivot).skip(n).for_each(|(cell, above)| *cell -= factor * above);
            right[below] -= factor * right[n];
        }
    }
    for n in (0..size).rev() {
        let known: f64 = (n + 1..size).map(|other| matrix[n][other] * right[other]).sum();
        right[n] = (right[n] - known) / matrix[n][n];
    }
    right
}

pub(super) fn dot(weights: &[f64], features: &[f64]) -> f64 {
    weights.iter().zip(features).map(|(weight, value)| weight * value).sum()
}

fn sigmoid(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

#[cfg(test)]
mod tests {
    use docdrift_parse::{FEATURES, PRIOR_WEIGHTS};

    use super::{dot, fit};
    use crate::fit_reading::examples::Example;

    fn example(feature: usize, is_wanted: bool) -> Example {
        let mut features = vec![0.0; FEATURES.len()];
        features[0] = 1.0;
        features[feature] = 1.0;
        Example { vendor: String::new(), name: String::new(), features, is_wanted, weight: 1.0 }
    }

    #[test]
    fn weights_follow_the_examples_and_stay_near_the_prior_without_any() {
        let unfitted = fit(std::iter::empty());
        assert!(unfitted.iter().zip(PRIOR_WEIGHTS).all(|(weight, prior)| (weight - prior).abs() < 1e-9));
        let examples: Vec<Example> = (0..400).map(|n| example(1 + n % 2, n % 2 == 0)).collect();
        let weights = fit(examples.iter());
        assert!(dot(&weights, &examples[0].features) > 0.0 && dot(&weights, &examples[1].features) < 0.0);
    }
}
