package io.maestro.rego.builtins;

import io.maestro.rego.value.NumberValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Arithmetic as the original does it: whole numbers exactly, others with a mantissa of 64 bits, told in their shortest form. */
final class Arithmetic {
    private static final int MANTISSA = 64;
    private static final int SURE_DIGITS = 18;
    private static final MathContext WIDE = new MathContext(60, RoundingMode.HALF_EVEN);

    private Arithmetic() {}

    static NumberValue plus(NumberValue left, NumberValue right) {
        if (left.isLong() && right.isLong()) {
            long sum = left.longValue() + right.longValue();
            if (((left.longValue() ^ sum) & (right.longValue() ^ sum)) >= 0) {
                return NumberValue.of(sum);
            }
        }
        return result(left, right, left.decimal().add(right.decimal()));
    }

    static NumberValue minus(NumberValue left, NumberValue right) {
        if (left.isLong() && right.isLong()) {
            long difference = left.longValue() - right.longValue();
            if (((left.longValue() ^ right.longValue()) & (left.longValue() ^ difference)) >= 0) {
                return NumberValue.of(difference);
            }
        }
        return result(left, right, left.decimal().subtract(right.decimal()));
    }

    static NumberValue times(NumberValue left, NumberValue right) {
        if (left.isLong() && right.isLong()) {
            long high = Math.multiplyHigh(left.longValue(), right.longValue());
            long low = left.longValue() * right.longValue();
            if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
                return NumberValue.of(low);
            }
        }
        return result(left, right, left.decimal().multiply(right.decimal()));
    }

    static NumberValue divide(NumberValue left, NumberValue right) {
        if (right.decimal().signum() == 0) {
            throw BuiltinException.of("div", "divide by zero");
        }
        if (left.isLong() && right.isLong() && right.longValue() != -1 && left.longValue() % right.longValue() == 0) {
            return NumberValue.of(left.longValue() / right.longValue());
        }
        return shortest(left.decimal().divide(right.decimal(), WIDE));
    }

    static NumberValue remainder(NumberValue left, NumberValue right) {
        if (!left.isWhole() || !right.isWhole()) {
            throw BuiltinException.of("rem", "modulo on floating-point number");
        }
        if (right.decimal().signum() == 0) {
            throw BuiltinException.of("rem", "modulo by zero");
        }
        return NumberValue.of(left.integer().remainder(right.integer()));
    }

    private static NumberValue result(NumberValue left, NumberValue right, BigDecimal exact) {
        return left.isWhole() && right.isWhole() ? NumberValue.of(exact.toBigInteger()) : shortest(exact);
    }

    /** The shortest decimal that a mantissa of 64 bits cannot tell from a number. */
    static NumberValue shortest(BigDecimal exact) {
        BigDecimal plain = exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
        if (plain.precision() <= SURE_DIGITS) {
            return NumberValue.of(plain.scale() < 0 ? plain.setScale(0) : plain);
        }
        BigDecimal rounded = binary(plain);
        for (int digits = SURE_DIGITS; digits <= 22; digits++) {
            BigDecimal candidate = rounded.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (binary(candidate).compareTo(rounded) == 0) {
                return NumberValue.of(candidate.stripTrailingZeros());
            }
        }
        return NumberValue.of(rounded.round(new MathContext(22)));
    }

    /** Rounds to 64 significant bits. */
    private static BigDecimal binary(BigDecimal value) {
        BigInteger numerator = value.unscaledValue().abs();
        BigInteger denominator = BigInteger.ONE;
        if (value.scale() > 0) {
            denominator = BigInteger.TEN.pow(value.scale());
        } else {
            numerator = numerator.multiply(BigInteger.TEN.pow(-value.scale()));
        }
        int shift = MANTISSA - (numerator.bitLength() - denominator.bitLength());
        BigInteger scaled = shift >= 0 ? numerator.shiftLeft(shift) : numerator;
        BigInteger under = shift >= 0 ? denominator : denominator.shiftLeft(-shift);
        BigInteger[] parts = scaled.divideAndRemainder(under);
        BigInteger mantissa = parts[0];
        int more = mantissa.bitLength() - MANTISSA;
        boolean sticky = parts[1].signum() != 0;
        if (more > 0) {
            boolean half = mantissa.testBit(more - 1);
            boolean below = sticky || mantissa.getLowestSetBit() < more - 1;
            mantissa = mantissa.shiftRight(more);
            if (half && (below || mantissa.testBit(0))) {
                mantissa = mantissa.add(BigInteger.ONE);
            }
        } else {
            int twice = parts[1].shiftLeft(1).compareTo(under);
            if (twice > 0 || (twice == 0 && mantissa.testBit(0))) {
                mantissa = mantissa.add(BigInteger.ONE);
            }
            more = 0;
        }
        int power = more - shift;
        BigDecimal result = power >= 0
                ? new BigDecimal(mantissa.shiftLeft(power))
                : new BigDecimal(mantissa).divide(new BigDecimal(BigInteger.ONE.shiftLeft(-power)));
        return value.signum() < 0 ? result.negate() : result;
    }
}
