//! Exact decimal values.

use std::cmp::Ordering;
use std::fmt;

/// An exact number: a whole mantissa times a power of ten. Two decimals are equal when their values are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// No factor of ten left in it, so that equal values are equal fields.
    mantissa: i128,
    exponent: i32,
}

/// Powers of ten beyond this are no quantity of a news text.
const EXPONENT_LIMIT: i32 = 60;

impl Decimal {
    /// Nothing.
    pub const ZERO: Decimal = Decimal { mantissa: 0, exponent: 0 };

    /// `mantissa` × 10^`exponent`; the exponent is held within ±60.
    pub fn new(mantissa: i128, exponent: i32) -> Decimal {
        let (mut mantissa, mut exponent) = (mantissa, exponent.clamp(-EXPONENT_LIMIT, EXPONENT_LIMIT));
        if mantissa == 0 {
            return Decimal::ZERO;
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        Decimal { mantissa, exponent }
    }

    /// The value of ASCII digits, of which the last `decimals` stand behind the decimal mark; `None` when they
    /// are too many to be a quantity (over 30).
    pub(super) fn from_digits(digits: &str, decimals: usize) -> Option<Decimal> {
        if digits.is_empty() || digits.len() > 30 {
            return None;
        }
        Some(Decimal::new(digits.parse().ok()?, -i32::try_from(decimals).ok()?))
    }

    /// The digits of the value without trailing zeros, and the power of ten they count in.
    pub fn parts(&self) -> (i128, i32) {
        (self.mantissa, self.exponent)
    }

    /// The value as a whole number, if it is one that fits.
    pub fn to_integer(&self) -> Option<i128> {
        let power = u32::try_from(self.exponent).ok()?;
        self.mantissa.checked_mul(10i128.checked_pow(power)?)
    }

    /// The nearest floating-point number, for measures that are rounded anyway.
    pub fn to_f64(&self) -> f64 {
        self.mantissa as f64 * 10f64.powi(self.exponent)
    }

    /// Both on the smaller exponent.
    fn aligned(self, other: Decimal) -> Option<(i128, i128, i32)> {
        let exponent = self.exponent.min(other.exponent);
        let scale = |d: Decimal| {
            let power = u32::try_from(d.exponent - exponent).ok()?;
            d.mantissa.checked_mul(10i128.checked_pow(power)?)
        };
        Some((scale(self)?, scale(other)?, exponent))
    }

    /// The sum, unless it needs more digits than there is room for.
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        if self.mantissa == 0 {
            return Some(other);
        }
        let (a, b, exponent) = self.aligned(other)?;
        Some(Decimal::new(a.checked_add(b)?, exponent))
    }

    /// The product, unless it needs more digits than there is room for.
    pub fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        let exponent = self.exponent.checked_add(other.exponent)?;
        Some(Decimal::new(self.mantissa.checked_mul(other.mantissa)?, exponent))
    }
}

impl From<u64> for Decimal {
    fn from(value: u64) -> Decimal {
        Decimal::new(i128::from(value), 0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match self.aligned(*other) {
            Some((a, b, _)) => a.cmp(&b),
            // So far apart that the power of ten decides, or the sign.
            None => (self.mantissa.signum(), self.exponent).cmp(&(other.mantissa.signum(), other.exponent)),
        }
    }
}

impl fmt::Display for Decimal {
    /// Plain digits with a point, no grouping: `9900`, `3.14`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.exponent >= 0 {
            let zeros = usize::try_from(self.exponent).unwrap_or_default();
            return write!(f, "{}{}", self.mantissa, "0".repeat(zeros));
        }
        let decimals = usize::try_from(-self.exponent).unwrap_or_default();
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = decimals + 1);
        let (whole, rest) = digits.split_at(digits.len() - decimals);
        write!(f, "{}{whole}.{rest}", if self.mantissa < 0 { "-" } else { "" })
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_values_are_equal() {
        assert_eq!(Decimal::new(9900, 0), Decimal::new(99, 2));
        assert_eq!(Decimal::new(0, 5), Decimal::ZERO);
        assert_eq!(Decimal::new(150, -2).to_string(), "1.5");
        assert_eq!(Decimal::new(-5, -2).to_string(), "-0.05");
        assert_eq!(Decimal::new(12, 8).to_string(), "1200000000");
        assert_eq!(Decimal::from_digits("0230", 0), Some(Decimal::from(230)));
        assert_eq!(Decimal::new(12, 8).to_integer(), Some(1_200_000_000));
        assert_eq!(Decimal::new(15, -1).to_integer(), None);
        assert!(Decimal::new(1, 60) > Decimal::new(i128::MAX, 0));
        assert!(Decimal::new(31, -1) > Decimal::from(3));
    }

    proptest! {
        #[test]
        fn sums_are_exact(a in -1_000_000i64..1_000_000, b in -1_000_000i64..1_000_000, e in -6i32..6) {
            let sum = Decimal::new(a.into(), e).checked_add(Decimal::new(b.into(), e));
            prop_assert_eq!(sum, Some(Decimal::new((a + b).into(), e)));
        }
    }
}
