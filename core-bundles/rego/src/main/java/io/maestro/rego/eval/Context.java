package io.maestro.rego.eval;

import io.maestro.rego.builtins.Evaluation;
import io.maestro.rego.compile.RuleGroup;
import io.maestro.rego.compile.RuleTree.Node;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.limit.Meter;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Input, data and what was computed from them so far. A {@code with} makes another one for its goal. */
final class Context implements Evaluation {
    /** What stands for a value where there is none. */
    private enum Mark {
        UNDEFINED,
        /** The rule is being evaluated. */
        OPEN
    }

    /**
     * What {@code with} has changed.
     *
     * @param hidden rules and packages that the base documents stand for
     * @param functions what is called in the place of a function, by its name
     */
    record Changes(Set<Node> hidden, Map<String, Mock> functions) {
        static final Changes NONE = new Changes(Set.of(), Map.of());
    }

    /** What takes the place of a function. */
    interface Mock {
        @Nullable
        Value call(Context context, Value[] arguments);
    }

    private final Shared shared;
    private final @Nullable Context outer;
    private final @Nullable Value input;
    private final ObjectValue data;
    private final Changes changes;
    private final Object[] values;
    private final @Nullable Object[] functions;
    private @Nullable Context unmocked;
    private @Nullable Object @Nullable [] inputs;
    private @Nullable Frame bare;

    private Context(Shared shared, @Nullable Context outer, @Nullable Value input, ObjectValue data, Changes changes) {
        this.shared = shared;
        this.outer = outer;
        this.input = input;
        this.data = data;
        this.changes = changes;
        this.values = new Object[shared.code.groups()];
        this.functions = new Object[shared.code.groups()];
    }

    static Context first(Shared shared, Request request) {
        return new Context(shared, null, request.input(), request.data(), Changes.NONE);
    }

    Context changed(@Nullable Value newInput, ObjectValue newData, Changes newChanges) {
        meter().cells(values.length >> 3);
        return new Context(shared, this, newInput, newData, newChanges);
    }

    /** The same without replaced functions: what takes the place of one calls all others as they are. */
    Context unmocked() {
        if (changes.functions().isEmpty()) {
            return this;
        }
        Context known = unmocked;
        if (known == null) {
            known = changed(input, data, new Changes(changes.hidden(), Map.of()));
            unmocked = known;
        }
        return known;
    }

    /** The context that this one was made from. */
    Context outer() {
        if (outer == null) {
            throw new IllegalStateException("the first context has none around it");
        }
        return outer;
    }

    @Nullable
    Value input() {
        return input;
    }

    /** What is at a place of the input, looked up at most once; null when nothing is. */
    @Nullable
    Value input(InputPlaces.Place place) {
        @Nullable Object[] known = inputs;
        if (known == null) {
            known = new Object[shared.code.inputPlaces().count()];
            inputs = known;
        }
        Object found = known[place.id()];
        if (found == null) {
            InputPlaces.Place parent = place.parent();
            Value from = parent == null ? input : input(parent);
            Value value = from == null ? null : from.get(place.key());
            known[place.id()] = value == null ? Mark.UNDEFINED : value;
            return value;
        }
        return found == Mark.UNDEFINED ? null : (Value) found;
    }

    /** A frame for goals that use no variables: there is nothing in it that one could spoil for another. */
    Frame bare() {
        Frame known = bare;
        if (known == null) {
            known = new Frame(0, new Makes.Collected[0], this);
            bare = known;
        }
        return known;
    }

    ObjectValue data() {
        return data;
    }

    Changes changes() {
        return changes;
    }

    boolean strict() {
        return shared.strict;
    }

    @Nullable
    Observer observer() {
        return shared.observer;
    }

    /** Tells the observer of a place of the input, unless the input is another than what was given. */
    @SuppressWarnings("ReferenceEquality") // an equal one that `with` made is another
    void tellRead(List<Value> path, @Nullable Value value) {
        if (shared.observer != null && input == shared.given) {
            shared.observer.read(path, value);
        }
    }

    void tellCompared(Value one, Value other) {
        if (shared.observer != null) {
            shared.observer.compared(one, other);
        }
    }

    Documents.Place documents() {
        return new Documents.Place(this, shared.code.root(), data);
    }

    /** Whether the base documents stand for a rule or package. */
    boolean hides(Node node) {
        return !changes.hidden().isEmpty() && changes.hidden().contains(node);
    }

    @Nullable
    Mock mock(String function) {
        return changes.functions().isEmpty() ? null : changes.functions().get(function);
    }

    @Nullable
    Value value(RuleGroup group) {
        return value(shared.code.group(group));
    }

    /** The value of a rule that takes no arguments, computed at most once. */
    @Nullable
    Value value(GroupCode code) {
        if (!changes.hidden().isEmpty() && isHidden(code.group())) {
            return base(code.group());
        }
        int id = code.group().id();
        Object known = values[id];
        Observer observer = shared.observer;
        if (observer != null && known != null) {
            observer.known(code.group().name());
        }
        if (known == null) {
            values[id] = Mark.OPEN;
            Value value = code.value(this);
            values[id] = value == null ? Mark.UNDEFINED : value;
            return value;
        }
        if (known == Mark.OPEN) {
            throw new RegoException(
                    ErrorCode.RECURSION, Location.NONE, "rule " + code.group().name() + " is recursive");
        }
        return known instanceof Value value ? value : null;
    }

    private boolean isHidden(RuleGroup group) {
        for (Node node = group.node(); node != null; node = node.parent()) {
            if (changes.hidden().contains(node)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Value base(RuleGroup group) {
        Value value = data;
        for (String key : group.path()) {
            value = value == null ? null : value.get(StringValue.of(key));
        }
        return value;
    }

    /** What a function of a policy gives for arguments, computed at most once for each. */
    @Nullable
    Value call(GroupCode code, Value[] arguments) {
        if (!changes.functions().isEmpty()) {
            Mock mock = changes.functions().get(code.group().name());
            if (mock != null) {
                return mock.call(this, arguments);
            }
        }
        return plain(code, arguments);
    }

    /** The same, mocks left out. */
    @Nullable
    Value plain(GroupCode code, Value[] arguments) {
        int id = code.group().id();
        @SuppressWarnings("unchecked") // only made here
        Map<Value, Object> known = (Map<Value, Object>) functions[id];
        if (known == null) {
            known = new HashMap<>();
            functions[id] = known;
        }
        Value key = arguments.length == 1 ? arguments[0] : ArrayValue.keeping(List.of(arguments));
        Object before = known.get(key);
        if (before != null) {
            if (shared.observer != null) {
                shared.observer.known(code.group().name());
            }
            return before instanceof Value value ? value : null;
        }
        meter().cells(1);
        Value value = code.call(this, arguments);
        known.put(key, value == null ? Mark.UNDEFINED : value);
        return value;
    }

    @Override
    public Meter meter() {
        return shared.meter;
    }

    @Override
    public Instant now() {
        return shared.now;
    }

    @Override
    public <T> T cached(String kind, Object key, Supplier<T> maker) {
        return shared.cached(kind, key, maker);
    }

    @Override
    public long random(Object key) {
        return shared.random(key);
    }

    @Override
    public void print(Value message) {
        if (shared.observer != null) {
            shared.observer.print(message instanceof StringValue text ? text.value() : message.toString());
        }
    }
}
