package io.maestro.rego.eval;

import io.maestro.rego.compile.RuleTree;
import io.maestro.rego.compile.RuleTree.Node;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs goals in a context in which some things are others, and what follows them in the context before. */
final class Replacing extends Step {
    /** Changes one thing. */
    sealed interface Change {
        record OfInput(List<String> path, Expr value) implements Change {}

        record OfDocument(List<String> path, Expr value) implements Change {}

        /** Exactly one of the last three is there. */
        record OfFunction(
                String name,
                @Nullable GroupCode function,
                io.maestro.rego.builtins.@Nullable Builtin builtin,
                @Nullable Expr value)
                implements Change {}
    }

    /** Goes back to the context around, for what follows. */
    static final class Leave extends Step {
        private final Step next;

        Leave(Step next) {
            this.next = next;
        }

        @Override
        boolean run(Frame frame) {
            Context inner = frame.context;
            frame.context = inner.outer();
            boolean stop = next.run(frame);
            frame.context = inner;
            return stop;
        }
    }

    private final List<Change> changes;
    private final RuleTree tree;
    private final Location at;
    private final Step inner;

    Replacing(List<Change> changes, RuleTree tree, Location at, Step inner) {
        this.changes = changes;
        this.tree = tree;
        this.at = at;
        this.inner = inner;
    }

    @Override
    boolean run(Frame frame) {
        frame.context.meter().step();
        Context before = frame.context;
        Context changed = changed(frame, before);
        if (changed == null) {
            return false;
        }
        frame.context = changed;
        boolean stop = inner.run(frame);
        frame.context = before;
        return stop;
    }

    private @Nullable Context changed(Frame frame, Context before) {
        Value input = before.input();
        Value data = before.data();
        Set<Node> hidden = new HashSet<>(before.changes().hidden());
        Map<String, Context.Mock> functions = new HashMap<>(before.changes().functions());
        for (Change change : changes) {
            switch (change) {
                case Change.OfInput(List<String> path, Expr expr) -> {
                    Value value = expr.eval(frame);
                    if (value == null) {
                        return null;
                    }
                    input = merged(before, input, path, 0, value);
                }
                case Change.OfDocument(List<String> path, Expr expr) -> {
                    Value value = expr.eval(frame);
                    if (value == null) {
                        return null;
                    }
                    data = merged(before, data, path, 0, value);
                    Node node = tree.node(path);
                    if (node != null) {
                        hidden.add(node);
                    }
                }
                case Change.OfFunction function -> {
                    Context.Mock mock = mock(function, frame);
                    if (mock == null) {
                        return null;
                    }
                    functions.put(function.name(), mock);
                }
            }
        }
        if (!(data instanceof ObjectValue documents)) {
            throw new RegoException(ErrorCode.WITH_MERGE, at, "data can only be replaced by an object");
        }
        return before.changed(input, documents, new Context.Changes(hidden, functions));
    }

    private Context.@Nullable Mock mock(Change.OfFunction function, Frame frame) {
        GroupCode group = function.function();
        if (group != null) {
            return (context, arguments) -> context.unmocked().plain(group, arguments);
        }
        io.maestro.rego.builtins.Builtin builtin = function.builtin();
        if (builtin != null) {
            return (context, arguments) -> Calls.call(builtin, context.unmocked(), arguments, at);
        }
        Value value = function.value() == null ? null : function.value().eval(frame);
        return value == null ? null : (_, _) -> value;
    }

    private Value merged(Context context, @Nullable Value into, List<String> path, int index, Value value) {
        if (index == path.size()) {
            return value;
        }
        ObjectValue object = into instanceof ObjectValue members ? members : ObjectValue.EMPTY;
        if (into != null && !(into instanceof ObjectValue)) {
            throw new RegoException(ErrorCode.WITH_MERGE, at, "real and replacement data could not be merged");
        }
        context.meter().cells(object.size());
        StringValue key = StringValue.of(path.get(index));
        return object.with(key, merged(context, object.get(key), path, index + 1, value));
    }
}
