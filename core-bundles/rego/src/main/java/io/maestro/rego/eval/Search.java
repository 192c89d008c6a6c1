package io.maestro.rego.eval;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows a reference of which some keys are not known yet, through each key that fits. */
final class Search extends Step {
    /** A key: either known when it is reached, or a pattern for all keys that are there. */
    record Part(@Nullable Expr known, @Nullable Match open) {}

    private final @Nullable Expr head;
    private final Part[] parts;
    private final Match target;
    private final Step next;

    /** A head that is null stands for {@code data}. */
    Search(@Nullable Expr head, Part[] parts, Match target, Step next) {
        this.head = head;
        this.parts = parts;
        this.target = target;
        this.next = next;
    }

    @Override
    boolean run(Frame frame) {
        if (head == null) {
            return below(frame, frame.context.documents(), 0);
        }
        Value value = head.eval(frame);
        return value != null && inside(frame, value, 0);
    }

    private boolean below(Frame frame, Documents.Place place, int index) {
        if (place.isSettled()) {
            Value value = place.settled();
            return value != null && inside(frame, value, index);
        }
        if (index == parts.length) {
            Value value = place.extent();
            return value != null && inside(frame, value, index);
        }
        Part part = parts[index];
        if (part.known() != null) {
            Value key = part.known().eval(frame);
            Documents.Place child = key == null ? null : place.below(key);
            return child != null && below(frame, child, index + 1);
        }
        for (Value key : place.keys()) {
            frame.context.meter().step();
            Documents.Place child = place.below(key);
            if (child != null && open(part).match(frame, key) && below(frame, child, index + 1)) {
                return true;
            }
        }
        return false;
    }

    private boolean inside(Frame frame, Value value, int index) {
        if (index == parts.length) {
            return target.match(frame, value) && next.run(frame);
        }
        Part part = parts[index];
        if (part.known() != null) {
            Value key = part.known().eval(frame);
            Value member = key == null ? null : value.get(key);
            return member != null && inside(frame, member, index + 1);
        }
        return each(frame, value, open(part), index + 1);
    }

    private static Match open(Part part) {
        Match open = part.open();
        if (open == null) {
            throw new IllegalStateException("a part is known or open");
        }
        return open;
    }

    private boolean each(Frame frame, Value value, Match key, int index) {
        switch (value) {
            case ArrayValue array -> {
                for (int i = 0; i < array.size(); i++) {
                    frame.context.meter().step();
                    if (key.match(frame, NumberValue.of(i)) && inside(frame, array.at(i), index)) {
                        return true;
                    }
                }
            }
            case ObjectValue object -> {
                List<Value> keys = object.keys();
                for (int i = 0; i < keys.size(); i++) {
                    frame.context.meter().step();
                    Value at = keys.get(i);
                    if (key.match(frame, at) && inside(frame, object.at(at), index)) {
                        return true;
                    }
                }
            }
            case SetValue set -> {
                List<Value> members = set.sorted();
                for (int i = 0; i < members.size(); i++) {
                    frame.context.meter().step();
                    Value member = members.get(i);
                    if (key.match(frame, member) && inside(frame, member, index)) {
                        return true;
                    }
                }
            }
            default -> {
                return false;
            }
        }
        return false;
    }
}
