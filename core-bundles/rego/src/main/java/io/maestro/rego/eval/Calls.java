package io.maestro.rego.eval;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.builtins.BuiltinException;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.Value;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Code that calls functions. */
final class Calls {
    private Calls() {}

    static final class OfBuiltin extends Expr {
        private final Builtin builtin;
        private final Expr[] arguments;
        private final Location at;

        OfBuiltin(Builtin builtin, Expr[] arguments, Location at) {
            this.builtin = builtin;
            this.arguments = arguments;
            this.at = at;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value[] values = new Value[arguments.length];
            if (!all(arguments, frame, values)) {
                return null;
            }
            Context context = frame.context;
            Context.Mock mock = context.mock(builtin.name());
            if (mock != null) {
                return mock.call(context, values);
            }
            return call(builtin, context, values, at);
        }
    }

    static @Nullable Value call(Builtin builtin, Context context, Value[] values, Location at) {
        context.meter().step();
        try {
            Value result = builtin.call(context, values);
            if (result != null) {
                int weight = result.weight();
                if (weight > 1) {
                    context.meter().cells(weight);
                }
            }
            return result;
        } catch (BuiltinException e) {
            if (context.strict()) {
                throw new RegoException(e.code(), at, String.valueOf(e.getMessage()));
            }
            return null;
        }
    }

    static final class OfFunction extends Expr {
        private final GroupCode function;
        private final Expr[] arguments;

        OfFunction(GroupCode function, Expr[] arguments) {
            this.function = function;
            this.arguments = arguments;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value[] values = new Value[arguments.length];
            return all(arguments, frame, values) ? frame.context.call(function, values) : null;
        }
    }

    static boolean equal(Context context, Value one, Value other) {
        if (one.isCollection()) {
            context.meter().steps(Math.min(one.bulk(), other.bulk()) >> 3);
        }
        return one.equals(other);
    }

    private static int compare(Context context, Value one, Value other) {
        if (one.isCollection()) {
            context.meter().steps(Math.min(one.bulk(), other.bulk()) >> 2);
        }
        return one.compareTo(other);
    }

    /** Whether a value is a member of another. Of a set that is a look-up; the rest is the built-in function's. */
    static final class In extends Expr {
        private final Builtin builtin;
        private final Expr value;
        private final Expr domain;
        private final Location at;
        private final boolean tells;

        In(Builtin builtin, Expr value, Expr domain, Location at, boolean tells) {
            this.builtin = builtin;
            this.value = value;
            this.domain = domain;
            this.at = at;
            this.tells = tells;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value one = value.eval(frame);
            Value in = one == null ? null : domain.eval(frame);
            if (one == null || in == null) {
                return null;
            }
            if (tells) {
                frame.context.tellCompared(one, in);
            }
            Context context = frame.context;
            Context.Mock mock = context.mock(builtin.name());
            if (mock != null) {
                return mock.call(context, new Value[] {one, in});
            }
            if (in instanceof SetValue set && !one.isCollection()) {
                context.meter().step();
                return BoolValue.of(set.contains(one));
            }
            return call(builtin, context, new Value[] {one, in}, at);
        }
    }

    /** A comparison, which any two values have. */
    static final class Compare extends Expr {
        private final String name;
        private final Expr left;
        private final Expr right;
        private final IntPredicate test;
        private final boolean tells;

        Compare(String name, Expr left, Expr right, IntPredicate test, boolean tells) {
            this.tells = tells;
            this.name = name;
            this.left = left;
            this.right = right;
            this.test = test;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value one = left.eval(frame);
            Value other = one == null ? null : right.eval(frame);
            if (one == null || other == null) {
                return null;
            }
            if (tells) {
                frame.context.tellCompared(one, other);
            }
            Context.Mock mock = frame.context.mock(name);
            return mock != null
                    ? mock.call(frame.context, new Value[] {one, other})
                    : BoolValue.of(test.test(compare(frame.context, one, other)));
        }
    }

    static final class Equal extends Expr {
        private final Expr left;
        private final Expr right;
        private final boolean tells;

        Equal(Expr left, Expr right, boolean tells) {
            this.tells = tells;
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            Value one = left.eval(frame);
            Value other = one == null ? null : right.eval(frame);
            if (one == null || other == null) {
                return null;
            }
            if (tells) {
                frame.context.tellCompared(one, other);
            }
            return BoolValue.of(equal(frame.context, one, other));
        }
    }
}
