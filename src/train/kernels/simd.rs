//! Loops compiled for the widest vectors of the processor, and the sums that kernels are made of.
//!
//! A function marked `#[inline(always)]` is compiled as part of the [`vectorized`] call that uses it.

/// Run `work` compiled for the widest vectors that the processor has.
///
/// That goes for what is inlined: `work`, and each closure that it calls, carries `#[inline(always)]`.
#[inline]
pub(super) fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}

#[inline(always)]
pub(super) fn map(x: &[f32], y: &mut [f32], f: impl Fn(f32) -> f32) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = f(*x);
    }
}

#[inline(always)]
pub(super) fn add(total: &mut [f32], part: &[f32]) {
    for (t, p) in total.iter_mut().zip(part) {
        *t += p;
    }
}

/// Running sums of a reduction: enough that none waits for its last addition.
const SUMS: usize = 16;

#[inline(always)]
pub(super) fn sum_by(values: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = values.as_chunks::<SUMS>();
    let mut sums = [0.0; SUMS];
    for chunk in chunks {
        for (sum, v) in sums.iter_mut().zip(chunk) {
            *sum += f(*v);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|v| f(*v)).sum::<f32>()
}

#[inline(always)]
pub(super) fn sum(values: &[f32]) -> f32 {
    sum_by(values, |v| v)
}

/// The sum of `a`, and of its products with `b`, in running sums as in [`sum_by`].
#[inline(always)]
pub(super) fn sum_and_dot(a: &[f32], b: &[f32]) -> [f32; 2] {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<SUMS>(), b.as_chunks::<SUMS>());
    let (mut sums, mut products) = ([0.0; SUMS], [0.0; SUMS]);
    for (a, b) in a.iter().zip(b) {
        for i in 0..SUMS {
            sums[i] += a[i];
            products[i] += a[i] * b[i];
        }
    }
    for (i, (a, b)) in a_rest.iter().zip(b_rest).enumerate() {
        sums[i] += a;
        products[i] += a * b;
    }
    [sums.iter().sum(), products.iter().sum()]
}
