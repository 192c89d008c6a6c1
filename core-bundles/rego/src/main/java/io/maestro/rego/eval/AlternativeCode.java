package io.maestro.rego.eval;

import io.maestro.rego.compile.Form;
import io.maestro.rego.compile.Goal;
import io.maestro.rego.compile.RuleGroup;
import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.error.Location;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.Value;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The code of one value with its body. */
final class AlternativeCode {
    /** The frame of one evaluation of the body, with what it found. */
    private static final class Run extends Frame {
        private final @Nullable Partial partial;
        private @Nullable Value found;
        private boolean any;

        Run(int slots, Makes.Collected[] collected, Context context, @Nullable Partial partial) {
            super(slots, collected, context);
            this.partial = partial;
        }
    }

    private final Makes.Collected[] none = new Makes.Collected[0];
    private final RuleGroup group;
    private final Location at;
    private final int slots;
    private final int collectors;
    private final int levels;
    private final @Nullable Step guard;
    private final @Nullable Value constant;
    private final Step body;
    private final Expr[] tail;
    private final @Nullable Expr member;
    private final Expr value;

    AlternativeCode(Code code, RuleGroup group, Alternative alternative) {
        this.group = group;
        this.at = alternative.at();
        this.slots = alternative.slots();
        BitSet bound = new BitSet();
        bound.set(0, group.arity());
        Emitter.Depth depth = new Emitter.Depth(true);
        Emitter emitter = new Emitter(code, bound, depth);
        Step last = group.kind() == RuleGroup.Kind.PARTIAL_SET || group.kind() == RuleGroup.Kind.PARTIAL_OBJECT
                ? new Put()
                : new Keep(alternative.value() instanceof Form.Const);
        Step told = code.tells() ? new Telling(alternative.at(), true, last) : last;
        List<Goal> goals = alternative.body().goals();
        int guards = code.tells() ? 0 : guards(goals);
        this.guard = guards == 0 ? null : emitter.body(goals.subList(0, guards), new Steps.Found());
        this.body = emitter.body(goals.subList(guards, goals.size()), told);
        boolean single = last instanceof Keep;
        this.constant =
                single && guards > 0 && guards == goals.size() && alternative.value() instanceof Form.Const(var is)
                        ? is
                        : null;
        this.tail = alternative.tail().stream().map(emitter::expr).toArray(Expr[]::new);
        this.member = alternative.member() == null ? null : emitter.expr(alternative.member());
        this.value = emitter.expr(alternative.value());
        this.levels = depth.steps;
        this.collectors = depth.collectors;
    }

    /** How many goals at the beginning use no variables, and so can fail before there is a frame. */
    private static int guards(List<Goal> goals) {
        int count = 0;
        while (count < goals.size() && goals.get(count).isBare()) {
            count++;
        }
        return count;
    }

    Location at() {
        return at;
    }

    /** The one value; null when the body does not hold. */
    @Nullable
    Value single(Context context, Value[] arguments) {
        begin(context);
        Value found = null;
        if (guard == null || guard.run(context.bare())) {
            if (constant != null) {
                found = constant;
            } else {
                Run run = run(context, null);
                System.arraycopy(arguments, 0, run.slots, 0, arguments.length);
                body.run(run);
                found = run.found;
            }
        }
        context.meter().leave(levels);
        return found;
    }

    /** Adds all that the body finds; false when that is nothing. */
    boolean collect(Context context, Partial partial) {
        begin(context);
        boolean any = false;
        if (guard == null || guard.run(context.bare())) {
            Run run = run(context, partial);
            body.run(run);
            any = run.any;
        }
        context.meter().leave(levels);
        return any;
    }

    private Run run(Context context, @Nullable Partial partial) {
        Makes.Collected[] collected = collectors == 0 ? none : new Makes.Collected[collectors];
        return new Run(slots, collected, context, partial);
    }

    private void begin(Context context) {
        Observer observer = context.observer();
        if (observer != null) {
            observer.rule(group.name(), at);
        }
        context.meter().enter(levels);
    }

    private void tell(Frame frame, Value value) {
        Observer observer = frame.context.observer();
        if (observer != null) {
            observer.gave(group.name(), at, value);
        }
    }

    /** The last step of a rule with one value. */
    private final class Keep extends Step {
        private final boolean constant;

        Keep(boolean constant) {
            this.constant = constant;
        }

        @Override
        boolean run(Frame frame) {
            Run run = (Run) frame;
            Value now = value.eval(frame);
            if (now == null) {
                return false;
            }
            if (run.found != null && !run.found.equals(now)) {
                throw GroupCode.conflict(group, at);
            }
            run.found = now;
            tell(frame, now);
            return constant;
        }
    }

    /** The last step of a partial rule. */
    private final class Put extends Step {
        @Override
        boolean run(Frame frame) {
            Run run = (Run) frame;
            Partial partial = run.partial;
            if (partial == null) {
                throw new IllegalStateException("a partial rule collects");
            }
            run.context.meter().cells(1);
            Value[] keys = new Value[tail.length];
            Value now = (member == null ? value : member).eval(frame);
            if (now == null || !Expr.all(tail, frame, keys)) {
                return false;
            }
            run.any = true;
            tell(frame, now);
            run.context.meter().steps(now.bulk() >> 5);
            if (keys.length == 0) {
                partial.addToSet(now);
            } else {
                partial.put(keys, now, member != null, at);
            }
            return false;
        }
    }
}
