package io.maestro.rego.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A number of bounded size: whole ones that fit are kept as {@code long}, all others as decimals. */
public final class NumberValue extends Value {
    /** Neither more digits nor a larger exponent. */
    public static final int MOST_DIGITS = 4_000;

    private final long whole;
    private final @Nullable BigDecimal decimal;

    private NumberValue(long whole, @Nullable BigDecimal decimal) {
        this.whole = whole;
        this.decimal = decimal;
    }

    public static NumberValue of(long value) {
        return new NumberValue(value, null);
    }

    public static NumberValue of(BigInteger value) {
        return value.bitLength() < 64 ? of(value.longValue()) : of(new BigDecimal(value));
    }

    /**
     * The number, as exactly as it was given.
     *
     * @throws ArithmeticException when it is out of bounds
     */
    public static NumberValue of(BigDecimal value) {
        long exponent = (long) value.precision() - value.scale();
        if (value.precision() > MOST_DIGITS || (value.signum() != 0 && Math.abs(exponent) > MOST_DIGITS)) {
            throw new ArithmeticException("the number is out of bounds");
        }
        if (value.signum() == 0) {
            return value.scale() > 0 && value.scale() < 20 ? new NumberValue(0, value) : of(0);
        }
        if (value.scale() <= 0 && exponent <= 19) {
            BigInteger integer = value.toBigInteger();
            if (integer.bitLength() < 64) {
                return of(integer.longValue());
            }
        }
        return new NumberValue(0, value);
    }

    /**
     * Reads the text of a number of JSON.
     *
     * @throws ArithmeticException when it is out of bounds
     * @throws NumberFormatException when it is none
     */
    public static NumberValue parse(String text) {
        if (text.length() < 18) {
            boolean digits = true;
            for (int i = text.startsWith("-") ? 1 : 0; i < text.length(); i++) {
                digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
            }
            if (digits) {
                return of(Long.parseLong(text));
            }
        }
        if (text.length() > 2 * MOST_DIGITS) {
            throw new ArithmeticException("the number is out of bounds");
        }
        int mark = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (mark >= 0 && text.length() - mark > 8) {
            throw new ArithmeticException("the number is out of bounds");
        }
        return of(new BigDecimal(text));
    }

    /** Whether it is kept as a {@code long}. */
    public boolean isLong() {
        return decimal == null;
    }

    /** The value of one that {@link #isLong}. */
    public long longValue() {
        return whole;
    }

    /** Whether nothing stands behind the point, 1.0 included. */
    public boolean isWhole() {
        return decimal == null
                || decimal.signum() == 0
                || decimal.stripTrailingZeros().scale() <= 0;
    }

    public BigDecimal decimal() {
        return decimal == null ? BigDecimal.valueOf(whole) : decimal;
    }

    /** Its whole part. */
    public BigInteger integer() {
        return decimal == null ? BigInteger.valueOf(whole) : decimal.toBigInteger();
    }

    /** As an index: below zero when it is none. */
    public int index() {
        if (decimal != null) {
            return isWhole() && decimal.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
                    ? decimal.intValue()
                    : -1;
        }
        return whole >= 0 && whole <= Integer.MAX_VALUE ? (int) whole : -1;
    }

    @Override
    int rank() {
        return 2;
    }

    @Override
    int compareSame(Value other) {
        NumberValue number = (NumberValue) other;
        return decimal == null && number.decimal == null
                ? Long.compare(whole, number.whole)
                : decimal().compareTo(number.decimal());
    }

    @Override
    public String type() {
        return "number";
    }

    @Override
    public int weight() {
        return decimal == null ? 1 : 1 + (decimal.precision() >> 3);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof NumberValue number && compareSame(number) == 0);
    }

    @Override
    public int hashCode() {
        if (decimal == null) {
            return Long.hashCode(whole);
        }
        BigDecimal plain = decimal.stripTrailingZeros();
        return plain.scale() <= 0
                        && plain.precision() - plain.scale() <= 19
                        && plain.toBigInteger().bitLength() < 64
                ? Long.hashCode(plain.longValue())
                : plain.hashCode();
    }

    String text() {
        if (decimal == null) {
            return Long.toString(whole);
        }
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (decimal.scale() < 0) {
            return decimal.unscaledValue() + "e" + -decimal.scale();
        }
        if (decimal.signum() == 0 || isWhole() || (exponent >= -5 && exponent < 21)) {
            return decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        int end = digits.length();
        while (end > 1 && digits.charAt(end - 1) == '0') {
            end--;
        }
        String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : Integer.toString(Math.abs(exponent));
        return (decimal.signum() < 0 ? "-" : "")
                + digits.charAt(0)
                + (end > 1 ? "." + digits.substring(1, end) : "")
                + (exponent < 0 ? "e-" : "e+")
                + power;
    }
}
