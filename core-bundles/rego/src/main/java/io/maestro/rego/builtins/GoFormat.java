package io.maestro.rego.builtins;

import io.maestro.rego.limit.Meter;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Formats as Go's {@code fmt} does, with the values that policies know. */
final class GoFormat {
    private static final int MOST_WIDTH = 10_000;

    private final Meter meter;
    private final StringBuilder out = new StringBuilder();
    private String format = "";
    private int at;
    private List<Value> arguments = List.of();
    private int next;
    private boolean reordered;

    GoFormat(Meter meter) {
        this.meter = meter;
    }

    /** The flags, width and precision of one directive; below zero for none. */
    private static final class Directive {
        boolean minus;
        boolean plus;
        boolean sharp;
        boolean space;
        boolean zero;
        int width = -1;
        int precision = -1;
    }

    String format(String text, List<Value> values) {
        format = text;
        arguments = values;
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            int end = percent < 0 ? format.length() : percent;
            out.append(format, at, end);
            at = end;
            if (percent >= 0) {
                at++;
                directive();
            }
            meter.text(out.length() >> 3);
        }
        if (!reordered && next < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int i = next; i < arguments.size(); i++) {
                meter.text(8L * arguments.get(i).bulk());
                out.append(i > next ? ", " : "")
                        .append(typeName(arguments.get(i)))
                        .append('=');
                out.append(shown(arguments.get(i)));
            }
            out.append(')');
        }
        meter.text(out.length());
        return out.toString();
    }

    private void directive() {
        Directive directive = new Directive();
        flags(directive);
        index();
        directive.width = number(true, directive);
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            index();
            directive.precision = Math.max(number(false, directive), 0);
        }
        index();
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        if (verb == '%') {
            out.append('%');
        } else if (next >= arguments.size() || next < 0) {
            out.append("%!").appendCodePoint(verb).append(next < 0 ? "(BADINDEX)" : "(MISSING)");
        } else {
            value(directive, verb, arguments.get(next++));
        }
    }

    private void flags(Directive directive) {
        while (at < format.length()) {
            switch (format.charAt(at)) {
                case '-' -> directive.minus = true;
                case '+' -> directive.plus = true;
                case '#' -> directive.sharp = true;
                case ' ' -> directive.space = true;
                case '0' -> directive.zero = true;
                default -> {
                    return;
                }
            }
            at++;
        }
    }

    private void index() {
        if (at < format.length() && format.charAt(at) == '[') {
            int close = format.indexOf(']', at);
            if (close > at) {
                reordered = true;
                try {
                    int wanted = Integer.parseInt(format.substring(at + 1, close));
                    next = wanted >= 1 && wanted <= arguments.size() ? wanted - 1 : -1;
                } catch (NumberFormatException e) {
                    next = -1;
                }
                at = close + 1;
            }
        }
    }

    private int number(boolean width, Directive directive) {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            int given = next >= 0 && next < arguments.size() && arguments.get(next) instanceof NumberValue count
                    ? Math.clamp(count.decimal().longValue(), -MOST_WIDTH, MOST_WIDTH)
                    : -1;
            next++;
            if (given < 0 && width) {
                directive.minus = true;
                return Math.min(-given, MOST_WIDTH);
            }
            return given;
        }
        int begin = at;
        long number = 0;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            number = Math.min(number * 10 + (format.charAt(at) - '0'), Integer.MAX_VALUE);
            at++;
        }
        if (number > MOST_WIDTH) {
            throw BuiltinException.of("sprintf", "a width or precision above " + MOST_WIDTH);
        }
        return at == begin ? -1 : (int) number;
    }

    private void value(Directive directive, int verb, Value value) {
        meter.text(8L * value.bulk());
        String text = switch (value) {
            case NumberValue number
            when number.isWhole() && !isDecimalText(number) -> whole(directive, verb, number.integer());
            case NumberValue number -> real(directive, verb, number);
            case StringValue string -> text(directive, verb, string.value());
            case BoolValue bool when verb == 't' || verb == 'v' -> Boolean.toString(bool.value());
            default -> text(directive, verb, value.toString());
        };
        if (text == null) {
            out.append("%!")
                    .appendCodePoint(verb)
                    .append('(')
                    .append(typeName(value))
                    .append('=');
            out.append(shown(value)).append(')');
            return;
        }
        pad(directive, text, value instanceof NumberValue);
    }

    private static boolean isDecimalText(NumberValue number) {
        return !number.isLong() && number.decimal().scale() != 0;
    }

    private @org.jspecify.annotations.Nullable String whole(Directive directive, int verb, BigInteger number) {
        String digits = switch (verb) {
            case 'd', 'v', 's' -> number.abs().toString();
            case 'b' -> number.abs().toString(2);
            case 'o' -> (directive.sharp ? "0" : "") + number.abs().toString(8);
            case 'O' -> "0o" + number.abs().toString(8);
            case 'x' -> (directive.sharp ? "0x" : "") + number.abs().toString(16);
            case 'X' ->
                (directive.sharp ? "0X" : "") + number.abs().toString(16).toUpperCase(Locale.ROOT);
            case 'c' ->
                Character.isValidCodePoint(number.intValue()) ? Character.toString(number.intValue()) : "\uFFFD";
            case 'q' -> "'" + Character.toString(Math.clamp(number.longValue(), 0, 0x10FFFF)) + "'";
            case 'U' -> "U+" + String.format(Locale.ROOT, "%04X", number.longValue());
            case 'e', 'E', 'f', 'F', 'g', 'G' -> null;
            default -> null;
        };
        if (digits == null) {
            return null;
        }
        String padded = directive.precision > digits.length()
                ? "0".repeat(directive.precision - digits.length()) + digits
                : digits;
        return sign(directive, number.signum() < 0) + padded;
    }

    private static String sign(Directive directive, boolean negative) {
        return negative ? "-" : directive.plus ? "+" : directive.space ? " " : "";
    }

    private @org.jspecify.annotations.Nullable String real(Directive directive, int verb, NumberValue number) {
        BigDecimal value = number.decimal().abs();
        String sign = sign(directive, number.decimal().signum() < 0);
        return switch (verb) {
            case 'v', 's' -> sign + shown(NumberValue.of(value));
            case 'f', 'F' ->
                sign
                        + value.setScale(directive.precision < 0 ? 6 : directive.precision, RoundingMode.HALF_EVEN)
                                .toPlainString();
            case 'e', 'E' -> {
                String text = exponent(value, directive.precision < 0 ? 6 : directive.precision);
                yield sign + (verb == 'E' ? text.toUpperCase(Locale.ROOT) : text);
            }
            case 'g', 'G' -> {
                BigDecimal rounded = directive.precision > 0
                        ? value.round(new MathContext(directive.precision, RoundingMode.HALF_EVEN))
                        : value;
                yield sign + general(rounded, directive.precision < 0 ? 21 : Math.max(directive.precision, 1));
            }
            default -> null;
        };
    }

    private static String exponent(BigDecimal value, int digits) {
        if (value.signum() == 0) {
            return "0" + (digits > 0 ? "." + "0".repeat(digits) : "") + "e+00";
        }
        BigDecimal rounded = value.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int power = rounded.precision() - rounded.scale() - 1;
        String all = rounded.unscaledValue().toString();
        String padded = all.length() > digits ? all : all + "0".repeat(digits + 1 - all.length());
        String shown = Math.abs(power) < 10 ? "0" + Math.abs(power) : Integer.toString(Math.abs(power));
        return padded.charAt(0)
                + (digits > 0 ? "." + padded.substring(1, digits + 1) : "")
                + (power < 0 ? "e-" : "e+")
                + shown;
    }

    private static String general(BigDecimal value, int limit) {
        if (value.signum() <= 0) {
            return value.signum() == 0 ? "0" : "-" + general(value.negate(), limit);
        }
        BigDecimal plain = value.stripTrailingZeros();
        int power = plain.precision() - plain.scale() - 1;
        return power < -4 || power >= limit ? exponent(plain, plain.precision() - 1) : plain.toPlainString();
    }

    private @org.jspecify.annotations.Nullable String text(Directive directive, int verb, String value) {
        String cut = value;
        if (directive.precision >= 0 && value.codePointCount(0, value.length()) > directive.precision) {
            cut = value.substring(0, value.offsetByCodePoints(0, directive.precision));
        }
        return switch (verb) {
            case 's', 'v' -> cut;
            case 'q' -> StringValue.of(cut).json();
            case 'x' -> HexFormat.of().formatHex(cut.getBytes(StandardCharsets.UTF_8));
            case 'X' -> HexFormat.of().withUpperCase().formatHex(cut.getBytes(StandardCharsets.UTF_8));
            default -> null;
        };
    }

    private void pad(Directive directive, String text, boolean number) {
        int missing = directive.width - text.codePointCount(0, text.length());
        if (missing <= 0) {
            out.append(text);
        } else if (directive.minus) {
            out.append(text).append(" ".repeat(missing));
        } else if (directive.zero) {
            boolean signed = number && !text.isEmpty() && "+-".indexOf(text.charAt(0)) >= 0;
            out.append(signed ? text.substring(0, 1) : "");
            out.append("0".repeat(missing)).append(signed ? text.substring(1) : text);
        } else {
            out.append(" ".repeat(missing)).append(text);
        }
    }

    private static String typeName(Value value) {
        return switch (value) {
            case NumberValue number -> number.isWhole() ? number.isLong() ? "int" : "*big.Int" : "float64";
            default -> "string";
        };
    }

    /** As {@code %v} shows it. */
    private static String shown(Value value) {
        return switch (value) {
            case StringValue text -> text.value();
            case NumberValue number
            when !number.isLong() && number.decimal().scale() > 0 && !isPlain(number) -> general(number.decimal(), 21);
            default -> value.toString();
        };
    }

    private static boolean isPlain(NumberValue number) {
        int power = number.decimal().precision() - number.decimal().scale();
        return power < 21 && power > -4;
    }
}
