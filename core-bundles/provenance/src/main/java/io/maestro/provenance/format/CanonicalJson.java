package io.maestro.provenance.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The canonical form of JSON by <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</a>: members sorted, no space,
 * numbers as ECMAScript writes a double. Small enough to be ours; the one library for it rests since 2020 and bounds
 * nothing.
 */
public final class CanonicalJson {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 100;
    private static final int LARGEST = 8 * 1024 * 1024;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final long LARGEST_WHOLE = 1L << 53;
    private static final int PLAIN_DIGITS = 21;
    private static final int PLAIN_ZEROS = -6;
    private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);

    private static final ObjectReader READER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(LARGEST)
                            .maxDocumentLength(LARGEST)
                            .build())
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private CanonicalJson() {}

    /** Reads JSON strictly: one value, no member twice, at most 64 levels, no number of more than 100 digits. */
    public static JsonNode parse(String json) throws UnfitJson {
        if (json.length() > LARGEST) {
            throw new UnfitJson("it is larger than " + LARGEST + " characters");
        }
        try {
            JsonNode read = READER.readTree(json);
            if (read == null || read.isMissingNode()) {
                throw new UnfitJson("it is empty");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw new UnfitJson("it is no strict JSON");
        }
    }

    /** The canonical text; encode it in UTF-8. */
    public static String of(JsonNode value) throws UnfitJson {
        StringBuilder out = new StringBuilder(256);
        write(out, value);
        return out.toString();
    }

    /** The canonical text of a JSON document, as bytes. */
    public static byte[] bytes(JsonNode value) throws UnfitJson {
        return of(value).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether every number in the value is the same number in canonical form: doubles hold no more than 15 to 17 digits. */
    static boolean keepsNumbers(JsonNode value) {
        if (value.isNumber()) {
            try {
                return new BigDecimal(number(value)).compareTo(value.decimalValue()) == 0;
            } catch (UnfitJson e) {
                return false;
            }
        }
        for (JsonNode part : value) {
            if (!keepsNumbers(part)) {
                return false;
            }
        }
        return true;
    }

    private static void write(StringBuilder out, JsonNode value) throws UnfitJson {
        switch (value.getNodeType()) {
            case OBJECT -> writeObject(out, value);
            case ARRAY -> {
                out.append('[');
                for (Iterator<JsonNode> items = value.elements(); items.hasNext(); ) {
                    write(out, items.next());
                    out.append(items.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case STRING -> writeText(out, value.textValue());
            case NUMBER -> out.append(number(value));
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            case BINARY, POJO, MISSING -> throw new UnfitJson("it is no JSON value");
        }
    }

    private static void writeObject(StringBuilder out, JsonNode object) throws UnfitJson {
        // compareTo compares UTF-16 code units, which is the order that RFC 8785 wants
        Map<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(member -> sorted.put(member.getKey(), member.getValue()));
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, JsonNode> member : sorted.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            writeText(out, member.getKey());
            out.append(':');
            write(out, member.getValue());
        }
        out.append('}');
    }

    private static void writeText(StringBuilder out, String text) throws UnfitJson {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < FIRST_PRINTABLE) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else if (Character.isSurrogate(c)) {
                        if (!Character.isHighSurrogate(c)
                                || i + 1 == text.length()
                                || !Character.isLowSurrogate(text.charAt(i + 1))) {
                            throw new UnfitJson("it has half a character");
                        }
                        out.append(c).append(text.charAt(++i));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static String number(JsonNode value) throws UnfitJson {
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            long whole = value.longValue();
            if (-LARGEST_WHOLE <= whole && whole <= LARGEST_WHOLE) {
                return Long.toString(whole);
            }
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            throw new UnfitJson("it has a number beyond the range of a double");
        }
        return ecmaScript(number);
    }

    /** As {@code Number.prototype.toString} of ECMAScript. */
    private static String ecmaScript(double number) {
        if (number == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(number));
        String digits = shortest.unscaledValue().toString();
        int count = digits.length();
        // the number is 0.DIGITS × 10^point
        int point = count - shortest.scale();
        String sign = number < 0 ? "-" : "";
        if (count <= point && point <= PLAIN_DIGITS) {
            return sign + digits + "0".repeat(point - count);
        }
        if (0 < point && point <= PLAIN_DIGITS) {
            return sign + digits.substring(0, point) + "." + digits.substring(point);
        }
        if (PLAIN_ZEROS < point && point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        int exponent = point - 1;
        String mantissa = count == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
    }

    /** Java writes the shortest decimal too, but never fewer than two digits, and so at times another second one. */
    private static BigDecimal shortest(double positive) {
        BigDecimal shortest = new BigDecimal(Double.toString(positive)).stripTrailingZeros();
        if (shortest.precision() == 2) {
            BigDecimal shorter = shortest.round(ONE_DIGIT);
            if (shorter.doubleValue() == positive) {
                return shorter.stripTrailingZeros();
            }
        }
        return shortest;
    }
}
