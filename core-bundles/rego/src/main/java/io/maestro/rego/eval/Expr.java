package io.maestro.rego.eval;

import io.maestro.rego.value.Value;
import org.jspecify.annotations.Nullable;

/** Code that gives a value, or null for undefined. */
abstract class Expr {
    abstract @Nullable Value eval(Frame frame);

    static final class Const extends Expr {
        final Value value;

        Const(Value value) {
            this.value = value;
        }

        @Override
        Value eval(Frame frame) {
            return value;
        }
    }

    static final class Slot extends Expr {
        final int index;

        Slot(int index) {
            this.index = index;
        }

        @Override
        Value eval(Frame frame) {
            return frame.slots[index];
        }
    }

    /** Evaluates all; false when one of them is undefined. */
    static boolean all(Expr[] parts, Frame frame, Value[] into) {
        for (int i = 0; i < parts.length; i++) {
            Value value = parts[i].eval(frame);
            if (value == null) {
                return false;
            }
            into[i] = value;
        }
        return true;
    }
}
