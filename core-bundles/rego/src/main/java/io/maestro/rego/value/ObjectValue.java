package io.maestro.rego.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values by key. A key may be any value. */
public final class ObjectValue extends Value {
    /** The one without members. */
    public static final ObjectValue EMPTY = new ObjectValue(Map.of());

    /** Its final field makes the sorted keys safe to hand to other threads without a lock. */
    private record Sorted(List<Value> keys) {}

    private final Map<Value, Value> members;
    private final int depth;
    private final int bulk;
    private int hash;
    private @Nullable Sorted sorted;

    private ObjectValue(Map<Value, Value> members) {
        int deepest = 0;
        long bulk = 1;
        for (Map.Entry<Value, Value> member : members.entrySet()) {
            deepest = Math.max(
                    deepest, Math.max(member.getKey().depth(), member.getValue().depth()));
            bulk += member.getKey().bulk() + (long) member.getValue().bulk();
        }
        this.depth = deeper(deepest);
        this.bulk = larger(bulk);
        this.members = members;
    }

    /** Keeps the map: nobody may change it afterwards. */
    public static ObjectValue keeping(Map<Value, Value> members) {
        return members.isEmpty() ? EMPTY : new ObjectValue(members);
    }

    /** An object with one member. */
    public static ObjectValue of(String key, Value value) {
        return keeping(Map.of(StringValue.of(key), value));
    }

    /** Cannot be changed by whoever keeps to the promise of {@link #keeping}; in no order. */
    public Map<Value, Value> members() {
        return Collections.unmodifiableMap(members);
    }

    /** A copy with another value at a key. */
    public ObjectValue with(Value key, Value value) {
        Map<Value, Value> copy = new HashMap<>(members);
        copy.put(key, value);
        return keeping(copy);
    }

    /** The keys in their order. */
    public List<Value> keys() {
        Sorted known = sorted;
        if (known == null) {
            List<Value> keys = new ArrayList<>(members.keySet());
            Collections.sort(keys);
            known = new Sorted(keys);
            sorted = known;
        }
        return known.keys();
    }

    public int size() {
        return members.size();
    }

    @Override
    public @Nullable Value get(Value key) {
        return members.get(key);
    }

    /** The member at a key that is a string; null when there is none. */
    public @Nullable Value get(String key) {
        return members.get(StringValue.of(key));
    }

    @Override
    public boolean isCollection() {
        return true;
    }

    @Override
    int rank() {
        return 5;
    }

    @Override
    int compareSame(Value other) {
        ObjectValue object = (ObjectValue) other;
        List<Value> mine = keys();
        List<Value> others = object.keys();
        for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
            int byKey = mine.get(i).compareTo(others.get(i));
            if (byKey != 0) {
                return byKey;
            }
            int byMember = at(mine.get(i)).compareTo(object.at(others.get(i)));
            if (byMember != 0) {
                return byMember;
            }
        }
        return Integer.compare(mine.size(), others.size());
    }

    /** The member at a key that is there. */
    public Value at(Value key) {
        Value member = members.get(key);
        if (member == null) {
            throw new IllegalArgumentException("no such key");
        }
        return member;
    }

    @Override
    public String type() {
        return "object";
    }

    @Override
    int depth() {
        return depth;
    }

    @Override
    public int bulk() {
        return bulk;
    }

    @Override
    public int weight() {
        return 1 + 2 * members.size();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ObjectValue object
                        && hashCode() == object.hashCode()
                        && members.equals(object.members));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = 31 * members.hashCode() + 2;
            hash = known;
        }
        return known;
    }
}
