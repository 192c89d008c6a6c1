package io.maestro.rego.builtins;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes and reads times in the layouts of Go, which show how one certain moment would be written. */
final class GoTime {
    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("ANSIC", "Mon Jan _2 15:04:05 2006"),
            Map.entry("UnixDate", "Mon Jan _2 15:04:05 MST 2006"),
            Map.entry("RubyDate", "Mon Jan 02 15:04:05 -0700 2006"),
            Map.entry("RFC822", "02 Jan 06 15:04 MST"),
            Map.entry("RFC822Z", "02 Jan 06 15:04 -0700"),
            Map.entry("RFC850", "Monday, 02-Jan-06 15:04:05 MST"),
            Map.entry("RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"),
            Map.entry("RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"),
            Map.entry("RFC3339", "2006-01-02T15:04:05Z07:00"),
            Map.entry("RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"));

    /** The elements of a layout, the longer before the shorter that they begin with. */
    private static final List<String> ELEMENTS = List.of(
            "January",
            "Jan",
            "Monday",
            "Mon",
            "MST",
            "2006",
            "-07:00:00",
            "-07:00",
            "-070000",
            "-0700",
            "-07",
            "Z07:00:00",
            "Z07:00",
            "Z070000",
            "Z0700",
            "Z07",
            "002",
            "01",
            "02",
            "03",
            "04",
            "05",
            "06",
            "15",
            "PM",
            "pm",
            "__2",
            "_2",
            "1",
            "2",
            "3",
            "4",
            "5");

    private GoTime() {}

    private record Element(String text, boolean literal) {}

    private static List<Element> elements(String layout) {
        String whole = NAMED.getOrDefault(layout, layout);
        List<Element> elements = new ArrayList<>();
        int at = 0;
        while (at < whole.length()) {
            String found = element(whole, at);
            if (found == null) {
                elements.add(new Element(whole.substring(at, at + 1), true));
                at++;
            } else {
                elements.add(new Element(found, false));
                at += found.length();
            }
        }
        return elements;
    }

    private static @Nullable String element(String layout, int at) {
        char c = layout.charAt(at);
        if ((c == '.' || c == ',') && at + 1 < layout.length() && "09".indexOf(layout.charAt(at + 1)) >= 0) {
            int end = at + 1;
            while (end < layout.length() && layout.charAt(end) == layout.charAt(at + 1)) {
                end++;
            }
            boolean digit = end < layout.length() && Character.digit(layout.charAt(end), 10) >= 0;
            return digit ? null : layout.substring(at, end);
        }
        for (String element : ELEMENTS) {
            if (layout.startsWith(element, at)) {
                boolean word = element.equals("Jan") || element.equals("Mon");
                boolean goesOn = at + element.length() < layout.length()
                        && Character.isLowerCase(layout.charAt(at + element.length()));
                if (!(word && goesOn)) {
                    return element;
                }
            }
        }
        return null;
    }

    static String format(ZonedDateTime time, String layout) {
        StringBuilder out = new StringBuilder();
        for (Element element : elements(layout)) {
            out.append(element.literal() ? element.text() : written(time, element.text()));
        }
        return out.toString();
    }

    private static String written(ZonedDateTime time, String element) {
        int hour = time.getHour() % 12 == 0 ? 12 : time.getHour() % 12;
        return switch (element) {
            case "January" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Jan" ->
                time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
            case "Monday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            case "Mon" ->
                time.getDayOfWeek()
                        .getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                        .substring(0, 3);
            case "2006" -> padded(time.getYear(), 4, '0');
            case "06" -> padded(Math.floorMod(time.getYear(), 100), 2, '0');
            case "01" -> padded(time.getMonthValue(), 2, '0');
            case "1" -> Integer.toString(time.getMonthValue());
            case "02" -> padded(time.getDayOfMonth(), 2, '0');
            case "_2" -> padded(time.getDayOfMonth(), 2, ' ');
            case "2" -> Integer.toString(time.getDayOfMonth());
            case "002" -> padded(time.getDayOfYear(), 3, '0');
            case "__2" -> padded(time.getDayOfYear(), 3, ' ');
            case "15" -> padded(time.getHour(), 2, '0');
            case "03" -> padded(hour, 2, '0');
            case "3" -> Integer.toString(hour);
            case "04" -> padded(time.getMinute(), 2, '0');
            case "4" -> Integer.toString(time.getMinute());
            case "05" -> padded(time.getSecond(), 2, '0');
            case "5" -> Integer.toString(time.getSecond());
            case "PM" -> time.getHour() < 12 ? "AM" : "PM";
            case "pm" -> time.getHour() < 12 ? "am" : "pm";
            case "MST" -> zone(time);
            default ->
                element.charAt(0) == '.' || element.charAt(0) == ','
                        ? fraction(time.getNano(), element)
                        : offset(time.getOffset().getTotalSeconds(), element);
        };
    }

    private static String zone(ZonedDateTime time) {
        if (time.getZone().getId().equals("UTC") || time.getZone().equals(ZoneOffset.UTC)) {
            return "UTC";
        }
        return java.time.format.DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH)
                .format(time);
    }

    private static String fraction(int nanos, String element) {
        String digits = padded(nanos, 9, '0').substring(0, Math.min(element.length() - 1, 9));
        if (element.charAt(1) == '9') {
            int end = digits.length();
            while (end > 0 && digits.charAt(end - 1) == '0') {
                end--;
            }
            return end == 0 ? "" : element.charAt(0) + digits.substring(0, end);
        }
        return element.charAt(0) + digits;
    }

    private static String offset(int seconds, String element) {
        if (element.charAt(0) == 'Z' && seconds == 0) {
            return "Z";
        }
        int plain = Math.abs(seconds);
        String colon = element.indexOf(':') >= 0 ? ":" : "";
        int digits = element.replace(":", "").length() - 1;
        return (seconds < 0 ? "-" : "+")
                + padded(plain / 3600, 2, '0')
                + (digits >= 4 ? colon + padded(plain / 60 % 60, 2, '0') : "")
                + (digits >= 6 ? colon + padded(plain % 60, 2, '0') : "");
    }

    private static String padded(int number, int width, char with) {
        String digits = Integer.toString(number);
        return String.valueOf(with).repeat(Math.max(width - digits.length(), 0)) + digits;
    }

    /** What was read so far. */
    private static final class Reading {
        int year = 0;
        int month = 1;
        int day = 1;
        int dayOfYear;
        int hour;
        int minute;
        int second;
        int nanos;
        boolean afternoon;
        boolean halves;

        @Nullable
        Integer offset;

        @Nullable
        ZoneId zone;
    }

    /**
     * Reads a time; without a zone it is UTC.
     *
     * @throws DateTimeException when the text does not fit the layout
     */
    static ZonedDateTime parse(String text, String layout) {
        Reading reading = new Reading();
        int at = 0;
        List<Element> elements = elements(layout);
        for (int i = 0; i < elements.size(); i++) {
            Element element = elements.get(i);
            if (element.literal()) {
                if (!text.startsWith(element.text(), at)) {
                    throw unfit(text, layout);
                }
                at += element.text().length();
                continue;
            }
            at = read(reading, element.text(), text, at, layout);
            boolean seconds = element.text().equals("05") || element.text().equals("5");
            boolean fraction = i + 1 < elements.size()
                    && !elements.get(i + 1).literal()
                    && elements.get(i + 1).text().charAt(0) == '.';
            if (seconds && !fraction && at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text, at + 1)) {
                at = fraction(reading, text, at);
            }
        }
        if (at != text.length()) {
            throw unfit(text, layout);
        }
        return made(reading);
    }

    private static ZonedDateTime made(Reading reading) {
        int hour = reading.halves ? reading.hour % 12 + (reading.afternoon ? 12 : 0) : reading.hour;
        LocalDateTime local = reading.dayOfYear > 0
                ? LocalDateTime.of(
                        java.time.LocalDate.ofYearDay(reading.year, reading.dayOfYear),
                        java.time.LocalTime.of(hour, reading.minute, reading.second, reading.nanos))
                : LocalDateTime.of(
                        reading.year, reading.month, reading.day, hour, reading.minute, reading.second, reading.nanos);
        ZoneId zone = reading.offset != null
                ? ZoneOffset.ofTotalSeconds(reading.offset)
                : reading.zone == null ? ZoneOffset.UTC : reading.zone;
        return local.atZone(zone);
    }

    private static DateTimeException unfit(String text, String layout) {
        return new DateTimeException("parsing time \"" + text + "\" as \"" + layout + "\": cannot parse");
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private static int read(Reading reading, String element, String text, int at, String layout) {
        return switch (element) {
            case "January", "Jan", "Monday", "Mon" -> name(reading, element, text, at, layout);
            case "PM", "pm" -> {
                String half =
                        text.substring(at, Math.min(at + 2, text.length())).toUpperCase(Locale.ROOT);
                if (!half.equals("AM") && !half.equals("PM")) {
                    throw unfit(text, layout);
                }
                reading.halves = true;
                reading.afternoon = half.equals("PM");
                yield at + 2;
            }
            case "MST" -> {
                int end = at;
                while (end < text.length() && end < at + 4 && Character.isUpperCase(text.charAt(end))) {
                    end++;
                }
                if (end < at + 3) {
                    throw unfit(text, layout);
                }
                // the original takes an abbreviation that it does not know for UTC
                reading.zone = ZoneOffset.UTC;
                yield end;
            }
            default -> {
                if (element.charAt(0) == '.' || element.charAt(0) == ',') {
                    boolean there = at < text.length() && text.charAt(at) == element.charAt(0);
                    yield there ? fraction(reading, text, at) : at;
                }
                yield element.charAt(0) == 'Z' || element.charAt(0) == '-'
                        ? offset(reading, element, text, at, layout)
                        : number(reading, element, text, at, layout);
            }
        };
    }

    private static int fraction(Reading reading, String text, int from) {
        int at = from + 1;
        int nanos = 0;
        int digits = 0;
        while (isDigit(text, at)) {
            if (digits < 9) {
                nanos = nanos * 10 + text.charAt(at) - '0';
                digits++;
            }
            at++;
        }
        for (; digits < 9; digits++) {
            nanos *= 10;
        }
        reading.nanos = nanos;
        return at;
    }

    private static int name(Reading reading, String element, String text, int at, String layout) {
        boolean month = element.startsWith("Jan");
        for (int i = 1; i <= (month ? 12 : 7); i++) {
            String full = month
                    ? java.time.Month.of(i).getDisplayName(TextStyle.FULL, Locale.ENGLISH)
                    : java.time.DayOfWeek.of(i).getDisplayName(TextStyle.FULL, Locale.ENGLISH);
            String name = element.length() == 3 ? full.substring(0, 3) : full;
            if (text.regionMatches(true, at, name, 0, name.length())) {
                reading.month = month ? i : reading.month;
                return at + name.length();
            }
        }
        throw unfit(text, layout);
    }

    private static int number(Reading reading, String element, String text, int from, String layout) {
        int at = from;
        if (element.startsWith("_") && at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        int most = element.equals("2006") ? 4 : element.equals("002") || element.equals("__2") ? 3 : 2;
        int least = element.length() == 1 || element.startsWith("_") ? 1 : element.length();
        int begin = at;
        int number = 0;
        while (at < begin + most && isDigit(text, at)) {
            number = number * 10 + text.charAt(at) - '0';
            at++;
        }
        if (at - begin < least) {
            throw unfit(text, layout);
        }
        switch (element) {
            case "2006" -> reading.year = number;
            case "06" -> reading.year = number >= 69 ? 1900 + number : 2000 + number;
            case "01", "1" -> reading.month = number;
            case "02", "_2", "2" -> reading.day = number;
            case "002", "__2" -> reading.dayOfYear = number;
            case "15", "03", "3" -> reading.hour = number;
            case "04", "4" -> reading.minute = number;
            default -> reading.second = number;
        }
        return at;
    }

    private static int offset(Reading reading, String element, String text, int from, String layout) {
        if (element.charAt(0) == 'Z' && from < text.length() && text.charAt(from) == 'Z') {
            reading.offset = 0;
            return from + 1;
        }
        if (from >= text.length() || "+-".indexOf(text.charAt(from)) < 0) {
            throw unfit(text, layout);
        }
        int end = from + element.length();
        if (end > text.length()) {
            throw unfit(text, layout);
        }
        String digits = text.substring(from + 1, end).replace(":", "");
        if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw unfit(text, layout);
        }
        String whole = (digits + "0000").substring(0, 6);
        int seconds = Integer.parseInt(whole.substring(0, 2)) * 3600
                + Integer.parseInt(whole.substring(2, 4)) * 60
                + Integer.parseInt(whole.substring(4));
        reading.offset = text.charAt(from) == '-' ? -seconds : seconds;
        return end;
    }
}
