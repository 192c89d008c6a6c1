package io.maestro.rego.value;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Values without order, each once. */
public final class SetValue extends Value {
    /** The one without members. */
    public static final SetValue EMPTY = new SetValue(Set.of());

    /** Its final field makes the sorted members safe to hand to other threads without a lock. */
    private record Sorted(List<Value> members) {}

    private final Set<Value> members;
    private final int depth;
    private final int bulk;
    private int hash;
    private @Nullable Sorted sorted;

    private SetValue(Set<Value> members) {
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

    /** Keeps the set: nobody may change it afterwards. */
    public static SetValue keeping(Set<Value> members) {
        return members.isEmpty() ? EMPTY : new SetValue(members);
    }

    public static SetValue copyOf(Collection<Value> members) {
        return keeping(new HashSet<>(members));
    }

    /** In no order. */
    public Set<Value> members() {
        return Collections.unmodifiableSet(members);
    }

    /** In their order. */
    public List<Value> sorted() {
        Sorted known = sorted;
        if (known == null) {
            List<Value> list = new ArrayList<>(members);
            Collections.sort(list);
            known = new Sorted(list);
            sorted = known;
        }
        return known.members();
    }

    public int size() {
        return members.size();
    }

    public boolean contains(Value value) {
        return members.contains(value);
    }

    @Override
    public @Nullable Value get(Value key) {
        return members.contains(key) ? key : null;
    }

    @Override
    public boolean isCollection() {
        return true;
    }

    @Override
    int rank() {
        return 6;
    }

    @Override
    int compareSame(Value other) {
        List<Value> mine = sorted();
        List<Value> others = ((SetValue) other).sorted();
        for (int i = 0; i < Math.min(mine.size(), others.size()); i++) {
            int byMember = mine.get(i).compareTo(others.get(i));
            if (byMember != 0) {
                return byMember;
            }
        }
        return Integer.compare(mine.size(), others.size());
    }

    @Override
    public String type() {
        return "set";
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
                || (other instanceof SetValue set && hashCode() == set.hashCode() && members.equals(set.members));
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = 31 * members.hashCode() + 3;
            hash = known;
        }
        return known;
    }
}
