package io.maestro.rego.value;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of values. */
public final class ArrayValue extends Value implements Iterable<Value> {
    /** The one without members. */
    public static final ArrayValue EMPTY = new ArrayValue(List.of());

    private final List<Value> members;
    private final int depth;
    private final int bulk;
    private int hash;

    private ArrayValue(List<Value> members) {
        int deepest = 0;
        long bulk = 1;
        for (Value member : members) {
            deepest = Math.max(deepest, member.depth());
            bulk += member.bulk();
        }
        this.depth = deeper(deepest);
        this.bulk = larger(bulk);
        this.members = members;
    }

    /** Keeps the list: nobody may change it afterwards. */
    public static ArrayValue keeping(List<Value> members) {
        return members.isEmpty() ? EMPTY : new ArrayValue(members);
    }

    public static ArrayValue of(Value... members) {
        return keeping(Arrays.asList(members));
    }

    /** Cannot be changed by whoever keeps to the promise of {@link #keeping}. */
    public List<Value> members() {
        return members;
    }

    public int size() {
        return members.size();
    }

    public Value at(int index) {
        return members.get(index);
    }

    @Override
    public @Nullable Value get(Value key) {
        if (!(key instanceof NumberValue number)) {
            return null;
        }
        int index = number.index();
        return index >= 0 && index < members.size() ? members.get(index) : null;
    }

    @Override
    public Iterator<Value> iterator() {
        return members.iterator();
    }

    @Override
    public boolean isCollection() {
        return true;
    }

    @Override
    int rank() {
        return 4;
    }

    @Override
    int compareSame(Value other) {
        List<Value> others = ((ArrayValue) other).members;
        for (int i = 0; i < Math.min(members.size(), others.size()); i++) {
            int byMember = members.get(i).compareTo(others.get(i));
            if (byMember != 0) {
                return byMember;
            }
        }
        return Integer.compare(members.size(), others.size());
    }

    @Override
    public String type() {
        return "array";
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
        return 1 + members.size();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof ArrayValue array
                        && hashCode() == array.hashCode()
                        && members.equals(array.members));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = 31 * members.hashCode() + 1;
            hash = known;
        }
        return known;
    }
}
