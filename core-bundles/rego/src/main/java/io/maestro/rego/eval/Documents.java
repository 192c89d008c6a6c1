package io.maestro.rego.eval;

import io.maestro.rego.compile.RuleGroup;
import io.maestro.rego.compile.RuleTree.Node;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code data} as policies see it: what the rules give, laid over the base documents. */
final class Documents {
    private Documents() {}

    /**
     * A place in the tree of rules, or below it.
     *
     * @param node null below the tree
     * @param base what the base documents have there; null when they have nothing
     */
    record Place(
            Context context, @Nullable Node node, @Nullable Value base) {
        /** Whether what is here does not depend on the tree below any more. */
        boolean isSettled() {
            return node == null || node.group() != null || context.hides(node);
        }

        /** The value of a place that {@link #isSettled}; null when it is undefined. */
        @Nullable
        Value settled() {
            if (node == null || context.hides(node)) {
                return base;
            }
            RuleGroup group = node.group();
            if (group == null) {
                return null;
            }
            return group.kind() == RuleGroup.Kind.FUNCTION ? null : context.value(group);
        }

        /** The place at a key; null when nothing can be there. */
        @Nullable
        Place below(Value key) {
            Node child = node == null ? null : node.child(key);
            Value under = base == null ? null : Reads.ofBase(base, key);
            return child == null && under == null ? null : new Place(context, child, under);
        }

        /** The keys below a place that is not settled. */
        List<Value> keys() {
            Set<Value> keys = new TreeSet<>();
            if (node != null) {
                keys.addAll(node.children().keySet());
            }
            if (base instanceof ObjectValue object) {
                keys.addAll(object.members().keySet());
            }
            return new ArrayList<>(keys);
        }

        /** In the whole of a package, base documents lie over what rules give. */
        private static @Nullable Value merged(@Nullable Value virtual, @Nullable Value base) {
            if (virtual == null || base == null || virtual.equals(base)) {
                return virtual == null ? base : virtual;
            }
            if (!(virtual instanceof ObjectValue under) || !(base instanceof ObjectValue over)) {
                return base;
            }
            Map<Value, Value> members = new HashMap<>(under.members());
            over.members().forEach((key, value) -> members.compute(key, (_, before) -> merged(before, value)));
            return ObjectValue.keeping(members);
        }

        /** All that is here; null when it is undefined. */
        @Nullable
        Value extent() {
            if (isSettled()) {
                return settled();
            }
            context.meter().step();
            Map<Value, Value> members = new HashMap<>();
            for (Value key : node == null ? Collections.<Value>emptyList() : keys()) {
                Place below = below(key);
                Value value = below == null ? null : merged(below.extent(), below.base());
                if (value != null) {
                    members.put(key, value);
                }
            }
            context.meter().cells(members.size());
            return ObjectValue.keeping(members);
        }
    }
}
