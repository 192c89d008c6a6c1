package io.maestro.rego.eval;

import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Code that reads a member of a value by keys that are known. */
final class Reads {
    private Reads() {}

    static @Nullable Value walk(@Nullable Value from, Expr[] path, Frame frame) {
        Value value = from;
        for (int i = 0; i < path.length && value != null; i++) {
            Value key = path[i].eval(frame);
            value = key == null ? null : value.get(key);
        }
        return value;
    }

    /** Base documents are found by text, so that a number finds the member that is named by it. */
    static @Nullable Value ofBase(Value base, Value key) {
        Value member = base.get(key);
        return member == null && key instanceof NumberValue && base instanceof ObjectValue object
                ? object.get(key.toString())
                : member;
    }

    static final class OfInput extends Expr {
        private final Expr[] path;

        OfInput(Expr[] path) {
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return walk(frame.context.input(), path, frame);
        }
    }

    static final class OfInputPlace extends Expr {
        private final InputPlaces.Place place;

        OfInputPlace(InputPlaces.Place place) {
            this.place = place;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return frame.context.input(place);
        }
    }

    /** Tells an observer what of the input is read. */
    static final class OfInputTold extends Expr {
        private final Expr[] path;

        OfInputTold(Expr[] path) {
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value[] keys = new Value[path.length];
            if (!all(path, frame, keys)) {
                return null;
            }
            Value value = frame.context.input();
            for (int i = 0; i < keys.length && value != null; i++) {
                value = value.get(keys[i]);
            }
            frame.context.tellRead(List.of(keys), value);
            return value;
        }
    }

    static final class OfValue extends Expr {
        private final Expr head;
        private final Expr[] path;

        OfValue(Expr head, Expr[] path) {
            this.head = head;
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return walk(head.eval(frame), path, frame);
        }
    }

    static final class OfRule extends Expr {
        private final GroupCode rule;
        private final Expr[] path;

        OfRule(GroupCode rule, Expr[] path) {
            this.rule = rule;
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value value = frame.context.value(rule);
            return path.length == 0 ? value : walk(value, path, frame);
        }
    }

    /** A path that begins where no rules are. */
    static final class OfBase extends Expr {
        private final Expr[] path;

        OfBase(Expr[] path) {
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            return walkBase(frame.context.data(), path, 0, frame);
        }
    }

    private static @Nullable Value walkBase(@Nullable Value from, Expr[] path, int begin, Frame frame) {
        Value value = from;
        for (int i = begin; i < path.length && value != null; i++) {
            Value key = path[i].eval(frame);
            value = key == null ? null : ofBase(value, key);
        }
        return value;
    }

    /** A path that leads into the tree of rules without reaching one for certain. */
    static final class OfDocument extends Expr {
        private final Expr[] path;

        OfDocument(Expr[] path) {
            this.path = path;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Documents.Place place = frame.context.documents();
            for (int i = 0; i < path.length; i++) {
                Value key = path[i].eval(frame);
                if (key == null) {
                    return null;
                }
                Documents.Place below = place.below(key);
                if (below == null) {
                    return null;
                }
                if (below.isSettled()) {
                    boolean virtual = below.node() != null && !frame.context.hides(below.node());
                    return virtual
                            ? walk(below.settled(), Arrays.copyOfRange(path, i + 1, path.length), frame)
                            : walkBase(below.settled(), path, i + 1, frame);
                }
                place = below;
            }
            return place.extent();
        }
    }
}
