package io.maestro.rego.eval;

import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of the simple goals. */
final class Steps {
    private Steps() {}

    /** An equation of a value with a pattern. */
    static final class Unify extends Step {
        private final Expr value;
        private final Match pattern;
        private final Step next;

        Unify(Expr value, Match pattern, Step next) {
            this.value = value;
            this.pattern = pattern;
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            frame.context.meter().step();
            Value found = value.eval(frame);
            return found != null && pattern.match(frame, found) && next.run(frame);
        }
    }

    /** The commonest equation: a variable gets its value. */
    static final class Assign extends Step {
        private final Expr value;
        private final int slot;
        private final Step next;

        Assign(Expr value, int slot, Step next) {
            this.value = value;
            this.slot = slot;
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            frame.context.meter().step();
            Value found = value.eval(frame);
            if (found == null) {
                return false;
            }
            frame.slots[slot] = found;
            return next.run(frame);
        }
    }

    static final class Test extends Step {
        private final Expr value;
        private final Step next;

        Test(Expr value, Step next) {
            this.value = value;
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            frame.context.meter().step();
            Value found = value.eval(frame);
            return found != null && !found.isFalse() && next.run(frame);
        }
    }

    /** Ends the steps of a body of which one success is all that is asked. */
    static final class Found extends Step {
        @Override
        boolean run(Frame frame) {
            return true;
        }
    }

    static final class Not extends Step {
        private final Step inner;
        private final Step next;

        Not(Step inner, Step next) {
            this.inner = inner;
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            frame.context.meter().step();
            return !inner.run(frame) && next.run(frame);
        }
    }

    /** A member of a collection that fits. */
    static final class Member extends Step {
        private final Expr domain;
        private final @Nullable Match key;
        private final Match value;
        private final Step next;

        Member(Expr domain, @Nullable Match key, Match value, Step next) {
            this.domain = domain;
            this.key = key;
            this.value = value;
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            Value in = domain.eval(frame);
            if (in == null) {
                return false;
            }
            return each(frame, in, (at, member) -> {
                if (key != null && !key.match(frame, at)) {
                    return false;
                }
                return value.match(frame, member) && next.run(frame);
            });
        }
    }

    static final class Every extends Step {
        private final Expr domain;
        private final int key;
        private final int value;
        private final Step inner;
        private final Step next;

        Every(Expr domain, int key, int value, Step inner, Step next) {
            this.domain = domain;
            this.key = key;
            this.value = value;
            this.inner = inner;
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            Value in = domain.eval(frame);
            if (in == null || !in.isCollection()) {
                return false;
            }
            boolean failed = each(frame, in, (at, member) -> {
                frame.slots[key] = at;
                frame.slots[value] = member;
                return !inner.run(frame);
            });
            return !failed && next.run(frame);
        }
    }

    /** Takes a key and a member; true to stop. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(Value key, Value member);
    }

    static boolean each(Frame frame, Value in, Visitor visitor) {
        switch (in) {
            case ArrayValue array -> {
                for (int i = 0; i < array.size(); i++) {
                    frame.context.meter().step();
                    if (visitor.visit(NumberValue.of(i), array.at(i))) {
                        return true;
                    }
                }
            }
            case ObjectValue object -> {
                List<Value> keys = object.keys();
                for (int i = 0; i < keys.size(); i++) {
                    frame.context.meter().step();
                    if (visitor.visit(keys.get(i), object.at(keys.get(i)))) {
                        return true;
                    }
                }
            }
            case SetValue set -> {
                List<Value> members = set.sorted();
                for (int i = 0; i < members.size(); i++) {
                    frame.context.meter().step();
                    if (visitor.visit(members.get(i), members.get(i))) {
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
