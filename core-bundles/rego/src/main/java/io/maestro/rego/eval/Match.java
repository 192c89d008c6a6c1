package io.maestro.rego.eval;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.util.Map;

/** Code that compares a value with a pattern, and gives the pattern's variables their values. */
abstract class Match {
    abstract boolean match(Frame frame, Value value);

    /** Anything but false. */
    static final class Truthy extends Match {
        @Override
        boolean match(Frame frame, Value value) {
            return !value.isFalse();
        }
    }

    static final class Bind extends Match {
        final int slot;

        Bind(int slot) {
            this.slot = slot;
        }

        @Override
        boolean match(Frame frame, Value value) {
            frame.slots[slot] = value;
            return true;
        }
    }

    static final class Equal extends Match {
        private final Expr expected;
        private final boolean tells;

        Equal(Expr expected, boolean tells) {
            this.expected = expected;
            this.tells = tells;
        }

        @Override
        boolean match(Frame frame, Value value) {
            Value wanted = expected.eval(frame);
            if (tells && wanted != null) {
                frame.context.tellCompared(wanted, value);
            }
            return wanted != null && Calls.equal(frame.context, wanted, value);
        }
    }

    static final class OfArray extends Match {
        private final Match[] members;

        OfArray(Match[] members) {
            this.members = members;
        }

        @Override
        boolean match(Frame frame, Value value) {
            if (!(value instanceof ArrayValue array) || array.size() != members.length) {
                return false;
            }
            for (int i = 0; i < members.length; i++) {
                if (!members[i].match(frame, array.at(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    static final class OfObject extends Match {
        private final Expr[] keys;
        private final Match[] members;

        OfObject(Expr[] keys, Match[] members) {
            this.keys = keys;
            this.members = members;
        }

        @Override
        boolean match(Frame frame, Value value) {
            if (!(value instanceof ObjectValue object) || object.size() > keys.length) {
                return false;
            }
            Map<Value, Value> seen = new java.util.HashMap<>();
            for (int i = 0; i < keys.length; i++) {
                Value key = keys[i].eval(frame);
                Value member = key == null ? null : object.get(key);
                if (key == null || member == null || !members[i].match(frame, member)) {
                    return false;
                }
                seen.put(key, member);
            }
            return seen.size() == object.size();
        }
    }
}
