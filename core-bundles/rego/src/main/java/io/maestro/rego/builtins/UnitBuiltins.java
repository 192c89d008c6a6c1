package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Amounts with units. */
final class UnitBuiltins {
    private static final List<String> STEPS = List.of("k", "m", "g", "t", "p", "e");
    private static final BigDecimal KILO = BigDecimal.valueOf(1000);
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    private UnitBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("units.parse", "S", "N", (_, a) -> parse(text(a[0])));
        registry.add("units.parse_bytes", "S", "N", (_, a) -> parseBytes(text(a[0])));
    }

    private static int split(String text) {
        int at = 0;
        while (at < text.length()
                && ((text.charAt(at) >= '0' && text.charAt(at) <= '9') || ".+-eE".indexOf(text.charAt(at)) >= 0)) {
            boolean power = text.charAt(at) == 'e' || text.charAt(at) == 'E';
            boolean digit = at + 1 < text.length()
                    && (Character.digit(text.charAt(at + 1), 10) >= 0 || "+-".indexOf(text.charAt(at + 1)) >= 0);
            if (power && !digit) {
                break;
            }
            at++;
        }
        return at;
    }

    private static BigDecimal amount(String name, String digits, String what) {
        try {
            return NumberValue.parse(digits.startsWith("+") ? digits.substring(1) : digits)
                    .decimal();
        } catch (NumberFormatException e) {
            throw BuiltinException.of(name, "could not parse " + what + " to a number");
        }
    }

    private static Value parse(String given) {
        String name = "units.parse";
        String text = given.replace("\"", "");
        if (text.indexOf(' ') >= 0) {
            throw BuiltinException.of(name, "spaces not allowed in resource strings");
        }
        int at = split(text);
        if (at == 0) {
            throw BuiltinException.of(name, "no amount provided");
        }
        String unit = text.substring(at);
        BigDecimal amount = amount(name, text.substring(0, at), "amount");
        if (unit.equals("m")) {
            return NumberValue.of(plain(amount.movePointLeft(3)));
        }
        String lower = unit.toLowerCase(Locale.ROOT);
        return NumberValue.of(plain(amount.multiply(factor(name, lower, unit))));
    }

    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static BigDecimal factor(String name, String unit, String written) {
        if (unit.isEmpty()) {
            return BigDecimal.ONE;
        }
        int step = STEPS.indexOf(unit.substring(0, 1));
        String rest = unit.substring(1);
        if (step < 0 || !(rest.isEmpty() || rest.equals("i"))) {
            throw BuiltinException.of(name, "unit " + written + " not recognized");
        }
        return (rest.isEmpty() ? KILO : KIBI).pow(step + 1);
    }

    private static Value parseBytes(String given) {
        String name = "units.parse_bytes";
        String text = given.replace("\"", "").toLowerCase(Locale.ROOT);
        if (text.indexOf(' ') >= 0) {
            throw BuiltinException.of(name, "spaces not allowed in resource strings");
        }
        int at = split(text);
        if (at == 0) {
            throw BuiltinException.of(name, "no byte amount provided");
        }
        String unit = text.substring(at);
        BigDecimal amount = amount(name, text.substring(0, at), "byte amount");
        if (unit.endsWith("b")) {
            unit = unit.substring(0, unit.length() - 1);
        }
        BigDecimal bytes = amount.multiply(factor(name, unit, unit));
        return NumberValue.of(bytes.setScale(0, RoundingMode.DOWN).toBigInteger());
    }
}
