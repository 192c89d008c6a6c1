package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times as nanoseconds since 1970, perhaps with a time zone. */
final class TimeBuiltins {
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_LAYOUT = 1_000;
    private static final Map<String, Long> UNITS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "μs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            SECOND,
            "m",
            60 * SECOND,
            "h",
            3600 * SECOND);

    private TimeBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("time.now_ns", "", "N", (e, _) -> NumberValue.of(nanos(e.now())));
        registry.add("time.parse_ns", "S,S", "N", (_, a) -> parse("time.parse_ns", text(a[1]), text(a[0])));
        registry.add(
                "time.parse_rfc3339_ns", "S", "N", (_, a) -> parse("time.parse_rfc3339_ns", text(a[0]), "RFC3339"));
        registry.add("time.parse_duration_ns", "S", "N", (_, a) -> duration(text(a[0])));
        registry.add("time.date", "NA", "A", (_, a) -> {
            ZonedDateTime time = time("time.date", a[0]);
            return numbers(time.getYear(), time.getMonthValue(), time.getDayOfMonth());
        });
        registry.add("time.clock", "NA", "A", (_, a) -> {
            ZonedDateTime time = time("time.clock", a[0]);
            return numbers(time.getHour(), time.getMinute(), time.getSecond());
        });
        registry.add(
                "time.weekday",
                "NA",
                "S",
                (_, a) -> StringValue.of(
                        time("time.weekday", a[0]).getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH)));
        registry.add("time.add_date", "N,N,N,N", "N", (_, a) -> addDate(a));
        registry.add("time.diff", "NA,NA", "A", (_, a) -> difference(time("time.diff", a[0]), time("time.diff", a[1])));
        registry.add("time.format", "NA", "S", (_, a) -> format(a[0]));
    }

    private static BigInteger nanos(Instant instant) {
        return BigInteger.valueOf(instant.getEpochSecond())
                .multiply(BigInteger.valueOf(SECOND))
                .add(BigInteger.valueOf(instant.getNano()));
    }

    private static Value inRange(String name, BigInteger nanos) {
        if (nanos.bitLength() > 63) {
            throw BuiltinException.of(name, "time outside of valid range");
        }
        return NumberValue.of(nanos);
    }

    private static Value parse(String name, String text, String layout) {
        try {
            return inRange(name, nanos(GoTime.parse(text, layout(name, layout)).toInstant()));
        } catch (DateTimeException e) {
            throw BuiltinException.of(name, String.valueOf(e.getMessage()));
        }
    }

    private static String layout(String name, String layout) {
        if (layout.length() > MOST_LAYOUT) {
            throw BuiltinException.of(name, "the layout is longer than " + MOST_LAYOUT);
        }
        return layout;
    }

    private static Value duration(String text) {
        String name = "time.parse_duration_ns";
        int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        BigDecimal sum = BigDecimal.ZERO;
        if (text.substring(at).equals("0")) {
            return NumberValue.of(0);
        }
        boolean any = false;
        while (at < text.length()) {
            int begin = at;
            while (at < text.length() && (Character.digit(text.charAt(at), 10) >= 0 || text.charAt(at) == '.')) {
                at++;
            }
            int unit = at;
            while (at < text.length() && Character.digit(text.charAt(at), 10) < 0 && text.charAt(at) != '.') {
                at++;
            }
            Long factor = UNITS.get(text.substring(unit, at));
            try {
                if (factor == null || unit - begin > 30) {
                    throw BuiltinException.of(name, "invalid duration \"" + text + "\"");
                }
                sum = sum.add(new BigDecimal(text.substring(begin, unit)).multiply(BigDecimal.valueOf(factor)));
            } catch (NumberFormatException e) {
                throw BuiltinException.of(name, "invalid duration \"" + text + "\"");
            }
            any = true;
        }
        BigInteger nanos = sum.setScale(0, RoundingMode.DOWN).toBigInteger();
        if (!any || nanos.bitLength() > 63) {
            throw BuiltinException.of(name, "invalid duration \"" + text + "\"");
        }
        return NumberValue.of(text.startsWith("-") ? nanos.negate() : nanos);
    }

    private static ArrayValue numbers(int... numbers) {
        return ArrayValue.keeping(java.util.Arrays.stream(numbers)
                .<Value>mapToObj(NumberValue::of)
                .toList());
    }

    private static ZonedDateTime time(String name, Value value) {
        List<Value> parts = value instanceof ArrayValue array ? array.members() : List.of(value);
        if (parts.isEmpty() || !(parts.getFirst() instanceof NumberValue nanos)) {
            throw BuiltinException.of(
                    name, "operand 1 must be a number of nanoseconds, or an array that begins with one");
        }
        BigInteger whole = nanos.integer();
        if (!nanos.isWhole() || whole.bitLength() > 63) {
            throw BuiltinException.of(name, "timestamp too big");
        }
        ZoneId zone = ZoneOffset.UTC;
        if (parts.size() > 1) {
            if (!(parts.get(1) instanceof StringValue id)) {
                throw BuiltinException.of(
                        name,
                        "operand 1 array element 2 must be string but got "
                                + parts.get(1).type());
            }
            zone = zone(name, id.value());
        }
        long number = whole.longValue();
        return Instant.ofEpochSecond(Math.floorDiv(number, SECOND), Math.floorMod(number, SECOND))
                .atZone(zone);
    }

    private static ZoneId zone(String name, String id) {
        if (id.isEmpty() || id.equals("UTC")) {
            return ZoneOffset.UTC;
        }
        try {
            if (id.equals("Local")) {
                return ZoneOffset.UTC;
            }
            return ZoneId.of(id);
        } catch (DateTimeException e) {
            throw BuiltinException.of(name, "unknown time zone " + id);
        }
    }

    private static Value addDate(Value[] a) {
        String name = "time.add_date";
        ZonedDateTime time = time(name, a[0]);
        long years = Registry.index(name, a[1], 2);
        long months = Registry.index(name, a[2], 3);
        long days = Registry.index(name, a[3], 4);
        try {
            // as Go: months first, without cutting the day; what is over goes into the next month
            LocalDateTime first =
                    time.toLocalDateTime().withDayOfMonth(1).plusYears(years).plusMonths(months);
            LocalDateTime moved = first.plusDays(time.getDayOfMonth() - 1L).plusDays(days);
            return inRange(name, nanos(moved.toInstant(ZoneOffset.UTC)));
        } catch (DateTimeException e) {
            throw BuiltinException.of(name, "time outside of valid range");
        }
    }

    /** Years, months, days, hours, minutes and seconds between two times, in the zone of the first. */
    private static Value difference(ZonedDateTime first, ZonedDateTime second) {
        ZonedDateTime other = second.withZoneSameInstant(first.getZone());
        boolean swapped = first.isAfter(other);
        ZonedDateTime early = swapped ? other : first;
        ZonedDateTime late = swapped ? first : other;
        int years = late.getYear() - early.getYear();
        int months = late.getMonthValue() - early.getMonthValue();
        int days = late.getDayOfMonth() - early.getDayOfMonth();
        int hours = late.getHour() - early.getHour();
        int minutes = late.getMinute() - early.getMinute();
        int seconds = late.getSecond() - early.getSecond();
        if (seconds < 0) {
            seconds += 60;
            minutes--;
        }
        if (minutes < 0) {
            minutes += 60;
            hours--;
        }
        if (hours < 0) {
            hours += 24;
            days--;
        }
        if (days < 0) {
            days += early.toLocalDate().lengthOfMonth();
            months--;
        }
        if (months < 0) {
            months += 12;
            years--;
        }
        return numbers(years, months, days, hours, minutes, seconds);
    }

    private static Value format(Value value) {
        String name = "time.format";
        ZonedDateTime time = time(name, value);
        String layout = "RFC3339Nano";
        if (value instanceof ArrayValue array && array.size() > 2) {
            if (!(array.at(2) instanceof StringValue given)) {
                throw BuiltinException.of(
                        name,
                        "operand 1 array element 3 must be string but got "
                                + array.at(2).type());
            }
            layout = layout(name, given.value());
        }
        return StringValue.of(GoTime.format(time, layout));
    }
}
