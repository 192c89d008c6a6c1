package io.maestro.rego.builtins;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network of addresses of one length.
 *
 * @param first its first address
 * @param prefix how many bits all its addresses share
 * @param bits 32 or 128
 */
record Network(BigInteger first, int prefix, int bits) {
    private static final int V4 = 32;
    private static final int V6 = 128;

    /** Reads an address, or an address with a prefix; null when it is neither. */
    static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        int bits = address.indexOf(':') >= 0 ? V6 : V4;
        BigInteger number = bits == V6 ? six(address) : four(address);
        int prefix = slash < 0 ? bits : small(text.substring(slash + 1), bits);
        if (number == null || prefix < 0) {
            return null;
        }
        int free = bits - prefix;
        return new Network(number.shiftRight(free).shiftLeft(free), prefix, bits);
    }

    /** The network that an IPv4 address alone stood for when networks had classes; null for anything else. */
    static @Nullable Network ofClass(String text) {
        Network address = parse(text);
        if (address == null || address.bits != V4) {
            return null;
        }
        int first = address.first.shiftRight(24).intValue();
        return parse(text + (first < 128 ? "/8" : first < 192 ? "/16" : "/24"));
    }

    private static int small(String digits, int most) {
        boolean plain = !digits.isEmpty()
                && digits.length() <= 3
                && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                && (digits.length() == 1 || digits.charAt(0) != '0');
        int number = plain ? Integer.parseInt(digits) : -1;
        return number <= most ? number : -1;
    }

    private static @Nullable BigInteger four(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        long number = 0;
        for (String part : parts) {
            int value = small(part, 255);
            if (value < 0) {
                return null;
            }
            number = number << 8 | value;
        }
        return BigInteger.valueOf(number);
    }

    private static @Nullable BigInteger six(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        List<Integer> head = groups(gap < 0 ? text : text.substring(0, gap));
        List<Integer> tail = gap < 0 ? List.of() : groups(text.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int missing = 8 - head.size() - tail.size();
        if (gap < 0 ? missing != 0 : missing < 1) {
            return null;
        }
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < 8; i++) {
            int group = i < head.size() ? head.get(i) : i >= 8 - tail.size() ? tail.get(i - 8 + tail.size()) : 0;
            number = number.shiftLeft(16).or(BigInteger.valueOf(group));
        }
        return number;
    }

    private static @Nullable List<Integer> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                BigInteger four = four(parts[i]);
                if (four == null) {
                    return null;
                }
                groups.add(four.shiftRight(16).intValue());
                groups.add(four.intValue() & 0xffff);
            } else if (parts[i].isEmpty()
                    || parts[i].length() > 4
                    || !parts[i].chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0)) {
                return null;
            } else {
                groups.add(Integer.parseInt(parts[i], 16));
            }
        }
        return groups;
    }

    BigInteger size() {
        return BigInteger.ONE.shiftLeft(bits - prefix);
    }

    boolean contains(Network other) {
        int free = bits - prefix;
        return bits == other.bits
                && prefix <= other.prefix
                && first.shiftRight(free).equals(other.first.shiftRight(free));
    }

    /** Whether both together are one network. */
    boolean isLowerHalfWith(Network upper) {
        return bits == upper.bits
                && prefix == upper.prefix
                && prefix > 0
                && !first.testBit(bits - prefix)
                && first.add(size()).equals(upper.first);
    }

    Network doubled() {
        return new Network(first, prefix - 1, bits);
    }

    @Override
    public String toString() {
        return show(first, bits) + "/" + prefix;
    }

    /** The shortest usual form of an address. */
    static String show(BigInteger address, int bits) {
        if (bits == V4) {
            long number = address.longValue();
            return (number >> 24) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = address.shiftRight(16 * (7 - i)).intValue() & 0xffff;
        }
        int begin = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                begin = i;
                longest = end - i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == begin) {
                out.append("::");
                i += longest - 1;
            } else {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":");
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }
}
