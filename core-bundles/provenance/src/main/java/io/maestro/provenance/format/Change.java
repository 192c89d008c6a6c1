package io.maestro.provenance.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an act changed, in the words of its receipt: digests of the whole states, and the members that differ. A state that
 * has no canonical form is not a reason to be without a receipt: its digest is then over the text as it is, and
 * {@code reduced} says why.
 *
 * @param before {@code sha256:} over the canonical form, or {@code raw-sha256:} over the text; null when it was not there
 * @param after the same, of the state after
 * @param changes for each member that differs what it was and is; null when that cannot be told
 * @param reduced why the receipt says less than it could; null when it says all
 */
public record Change(
        @Nullable String before,
        @Nullable String after,
        @Nullable ObjectNode changes,
        @Nullable String reduced) {
    /** Of a member no more than this stands in a receipt; of a larger one the digest. */
    private static final int LARGEST_VALUE = 1024;

    /** Of all members together no more than this. */
    private static final int LARGEST_CHANGES = 16 * 1024;

    /** Nothing is known of the states. */
    static final Change NONE = new Change(null, null, null, null);

    /** Compares two states; each is a JSON text, or null when there is none. */
    public static Change between(@Nullable String before, @Nullable String after) {
        State old = State.of(before);
        State now = State.of(after);
        String reduced = reason("before", old, reason("after", now, null));
        ObjectNode changes = null;
        if (old.comparable() && now.comparable()) {
            try {
                changes = differences(old.json(), now.json());
                if (changes == null) {
                    reduced = "changes: there are more than " + LARGEST_CHANGES + " characters of them";
                }
            } catch (UnfitJson e) {
                throw new IllegalStateException("both states have canonical forms", e);
            }
        }
        return new Change(old.digest(), now.digest(), changes, reduced);
    }

    private static @Nullable String reason(String which, State state, @Nullable String other) {
        if (state.unfit() == null) {
            return other;
        }
        return which + ": " + state.unfit() + (other == null ? "" : "; " + other);
    }

    private static @Nullable ObjectNode differences(@Nullable JsonNode before, @Nullable JsonNode after)
            throws UnfitJson {
        TreeSet<String> names = new TreeSet<>();
        if (before != null) {
            before.fieldNames().forEachRemaining(names::add);
        }
        if (after != null) {
            after.fieldNames().forEachRemaining(names::add);
        }
        ObjectNode changes = JsonNodeFactory.instance.objectNode();
        int size = 0;
        for (String name : names) {
            JsonNode old = before == null ? null : before.get(name);
            JsonNode now = after == null ? null : after.get(name);
            String oldText = old == null ? null : CanonicalJson.of(old);
            String nowText = now == null ? null : CanonicalJson.of(now);
            if (oldText != null && oldText.equals(nowText)) {
                continue;
            }
            ObjectNode change = changes.putObject(name);
            size += name.length() + put(change, "before", old, oldText) + put(change, "after", now, nowText);
            if (size > LARGEST_CHANGES) {
                return null;
            }
        }
        return changes;
    }

    /** Adds the value, or its digest when it is large; a member that is not there is left out. */
    private static int put(ObjectNode change, String name, @Nullable JsonNode value, @Nullable String text) {
        if (value == null || text == null) {
            return 0;
        }
        if (text.length() <= LARGEST_VALUE) {
            change.set(name, value);
            return text.length();
        }
        change.put(name + "Digest", Hashes.of(text).toString());
        return 0;
    }

    /**
     * One state.
     *
     * @param json null when there is no state or it has no canonical form
     */
    private record State(
            @Nullable String digest,
            @Nullable JsonNode json,
            @Nullable String unfit) {
        static State of(@Nullable String text) {
            if (text == null) {
                return new State(null, null, null);
            }
            try {
                JsonNode json = CanonicalJson.parse(text);
                if (!CanonicalJson.keepsNumbers(json)) {
                    throw new UnfitJson("it has a number that a double does not hold");
                }
                return new State(
                        "sha256:" + Hashes.of(CanonicalJson.bytes(json)).hex(), json, null);
            } catch (UnfitJson e) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                return new State("raw-sha256:" + Hashes.of(bytes).hex(), null, e.getMessage());
            }
        }

        /** Whether its members can be told apart: nothing has none. */
        boolean comparable() {
            return digest == null || (json != null && json.isObject());
        }
    }
}
