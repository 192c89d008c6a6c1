package io.maestro.rego.builtins;

import static io.maestro.rego.builtins.Registry.text;

import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** UUIDs and semantic versions. */
final class IdentifierBuiltins {
    /** Between the epoch of UUIDs and that of Unix, in steps of 100 nanoseconds. */
    private static final long EPOCH = 122_192_928_000_000_000L;

    private IdentifierBuiltins() {}

    static void addTo(Registry registry) {
        registry.add("uuid.rfc4122", "S", "S", (e, a) -> {
            long high = (e.random(List.of("uuid", a[0], 0)) & 0xffffffffffff0fffL) | 0x4000L;
            long low = (e.random(List.of("uuid", a[0], 1)) & 0x3fffffffffffffffL) | 0x8000000000000000L;
            return StringValue.of(new UUID(high, low).toString());
        });
        registry.add("uuid.parse", "S", "O", (_, a) -> parse(text(a[0])));
        registry.add(
                "semver.is_valid",
                "X",
                "B",
                (_, a) -> BoolValue.of(a[0] instanceof StringValue text && Version.parse(text.value()) != null));
        registry.add(
                "semver.compare",
                "S,S",
                "N",
                (_, a) -> NumberValue.of(version(a, 0).compareTo(version(a, 1))));
    }

    private static Value parse(String text) {
        String plain = text.startsWith("urn:uuid:") ? text.substring(9) : text;
        plain = plain.startsWith("{") && plain.endsWith("}") ? plain.substring(1, plain.length() - 1) : plain;
        String hex = plain.length() == 36 ? plain.replace("-", "") : plain;
        if (hex.length() != 32 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
            throw BuiltinException.of("uuid.parse", "invalid UUID");
        }
        UUID uuid = new UUID(
                Long.parseUnsignedLong(hex.substring(0, 16), 16), Long.parseUnsignedLong(hex.substring(16), 16));
        Map<Value, Value> members = new HashMap<>();
        put(members, "version", NumberValue.of(uuid.version()));
        put(
                members,
                "variant",
                StringValue.of(
                        switch (uuid.variant()) {
                            case 0 -> "Reserved";
                            case 2 -> "RFC4122";
                            case 6 -> "Microsoft";
                            default -> "Future";
                        }));
        if (uuid.variant() == 2 && (uuid.version() == 1 || uuid.version() == 2)) {
            timed(members, uuid, hex);
        }
        return ObjectValue.keeping(members);
    }

    private static void timed(Map<Value, Value> members, UUID uuid, String hex) {
        long high = uuid.getMostSignificantBits();
        long low = uuid.getLeastSignificantBits();
        long time = (high & 0xfffL) << 48 | (high >>> 16 & 0xffffL) << 32 | high >>> 32;
        put(members, "time", NumberValue.of((time - EPOCH) * 100));
        put(members, "clocksequence", NumberValue.of(low >>> 48 & 0x3fff));
        String node = hex.substring(20).toLowerCase(Locale.ROOT);
        put(
                members,
                "nodeid",
                StringValue.of(
                        HexFormat.ofDelimiter("-").formatHex(HexFormat.of().parseHex(node))));
        int first = Integer.parseInt(node.substring(0, 2), 16);
        put(
                members,
                "macvariables",
                StringValue.of(
                        ((first & 2) != 0 ? "local" : "global") + ":" + ((first & 1) != 0 ? "multicast" : "unicast")));
        if (uuid.version() == 2) {
            int domain = (int) (low >>> 48) & 0xff;
            put(members, "id", NumberValue.of(high >>> 32));
            put(
                    members,
                    "domain",
                    StringValue.of(
                            switch (domain) {
                                case 0 -> "Person";
                                case 1 -> "Group";
                                case 2 -> "Org";
                                default -> "Domain" + domain;
                            }));
        }
    }

    private static void put(Map<Value, Value> members, String key, Value value) {
        members.put(StringValue.of(key), value);
    }

    private static Version version(Value[] a, int operand) {
        Version version = Version.parse(text(a[operand]));
        if (version == null) {
            throw BuiltinException.of(
                    "semver.compare",
                    "operand " + (operand + 1) + ": string " + Registry.shown(a[operand]) + " is not a valid SemVer");
        }
        return version;
    }

    /** A semantic version; what follows a plus does not order it. */
    private record Version(List<BigInteger> numbers, List<String> before) implements Comparable<Version> {
        static @Nullable Version parse(String text) {
            int plus = text.indexOf('+');
            String plain = plus < 0 ? text : text.substring(0, plus);
            if (plus >= 0 && !areIdentifiers(text.substring(plus + 1), false)) {
                return null;
            }
            int minus = plain.indexOf('-');
            String[] parts = (minus < 0 ? plain : plain.substring(0, minus)).split("\\.", -1);
            if (parts.length != 3 || text.length() > 512) {
                return null;
            }
            List<BigInteger> numbers = new ArrayList<>();
            for (String part : parts) {
                if (!isNumber(part) || (part.length() > 1 && part.charAt(0) == '0')) {
                    return null;
                }
                numbers.add(new BigInteger(part));
            }
            if (minus >= 0 && !areIdentifiers(plain.substring(minus + 1), true)) {
                return null;
            }
            return new Version(
                    numbers,
                    minus < 0 ? List.of() : List.of(plain.substring(minus + 1).split("\\.", -1)));
        }

        private static boolean areIdentifiers(String text, boolean ordered) {
            for (String part : text.split("\\.", -1)) {
                boolean fits = !part.isEmpty()
                        && part.chars().allMatch(c -> c == '-' || (c < 128 && Character.isLetterOrDigit(c)))
                        && !(ordered && isNumber(part) && part.length() > 1 && part.charAt(0) == '0');
                if (!fits) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isNumber(String text) {
            return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        @Override
        public int compareTo(Version other) {
            for (int i = 0; i < 3; i++) {
                int byNumber = numbers.get(i).compareTo(other.numbers.get(i));
                if (byNumber != 0) {
                    return byNumber;
                }
            }
            if (before.isEmpty() || other.before.isEmpty()) {
                return Boolean.compare(before.isEmpty(), other.before.isEmpty());
            }
            for (int i = 0; i < Math.min(before.size(), other.before.size()); i++) {
                int byPart = comparePart(before.get(i), other.before.get(i));
                if (byPart != 0) {
                    return byPart;
                }
            }
            return Integer.compare(before.size(), other.before.size());
        }

        private static int comparePart(String one, String other) {
            boolean number = isNumber(one);
            if (number != isNumber(other)) {
                return number ? -1 : 1;
            }
            return number ? new BigInteger(one).compareTo(new BigInteger(other)) : Integer.signum(one.compareTo(other));
        }
    }
}
