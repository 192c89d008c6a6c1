package io.maestro.rego.eval;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Term.Kind;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Code that makes collections and texts. */
final class Makes {
    private Makes() {}

    static final class OfArray extends Expr {
        private final Expr[] members;

        OfArray(Expr[] members) {
            this.members = members;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            frame.context.meter().cells(members.length);
            Value[] values = new Value[members.length];
            return all(members, frame, values) ? ArrayValue.keeping(Arrays.asList(values)) : null;
        }
    }

    static final class OfSet extends Expr {
        private final Expr[] members;

        OfSet(Expr[] members) {
            this.members = members;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            frame.context.meter().cells(members.length);
            Value[] values = new Value[members.length];
            return all(members, frame, values) ? SetValue.copyOf(Arrays.asList(values)) : null;
        }
    }

    static final class OfObject extends Expr {
        private final Expr[] keys;
        private final Expr[] members;

        OfObject(Expr[] keys, Expr[] members) {
            this.keys = keys;
            this.members = members;
        }

        @Override
        @Nullable
        Value eval(Frame frame) {
            frame.context.meter().cells(2L * keys.length);
            Map<Value, Value> made = HashMap.newHashMap(keys.length);
            for (int i = 0; i < keys.length; i++) {
                Value key = keys[i].eval(frame);
                Value member = key == null ? null : members[i].eval(frame);
                if (key == null || member == null) {
                    return null;
                }
                made.put(key, member);
            }
            return ObjectValue.keeping(made);
        }
    }

    /** A comprehension. Each run collects into its own collection, which a last step fills. */
    static final class Collect extends Expr {
        private final Kind kind;
        private final Step body;
        private final int levels;
        private final int collector;
        private final Location at;

        Collect(Kind kind, Step body, int levels, int collector, Location at) {
            this.kind = kind;
            this.body = body;
            this.levels = levels;
            this.collector = collector;
            this.at = at;
        }

        @Override
        Value eval(Frame frame) {
            Collected before = frame.collected[collector];
            Collected collected = new Collected(kind, at);
            frame.collected[collector] = collected;
            frame.context.meter().enter(levels);
            body.run(frame);
            frame.context.meter().leave(levels);
            frame.collected[collector] = before;
            return collected.value();
        }
    }

    /** What a comprehension has found so far. */
    static final class Collected {
        private final Kind kind;
        private final Location at;
        private final List<Value> list;
        private final Set<Value> set;
        private final Map<Value, Value> map;

        Collected(Kind kind, Location at) {
            this.kind = kind;
            this.at = at;
            this.list = kind == Kind.ARRAY ? new ArrayList<>() : List.of();
            this.set = kind == Kind.SET ? new HashSet<>() : Set.of();
            this.map = kind == Kind.OBJECT ? new HashMap<>() : Map.of();
        }

        void add(@Nullable Value key, Value value) {
            switch (kind) {
                case ARRAY -> list.add(value);
                case SET -> set.add(value);
                case OBJECT -> {
                    if (key != null) {
                        Value before = map.putIfAbsent(key, value);
                        if (before != null && !before.equals(value)) {
                            throw new RegoException(ErrorCode.CONFLICT, at, "object keys must be unique");
                        }
                    }
                }
            }
        }

        Value value() {
            return switch (kind) {
                case ARRAY -> ArrayValue.keeping(list);
                case SET -> SetValue.keeping(set);
                case OBJECT -> ObjectValue.keeping(map);
            };
        }
    }

    /** The last step of a comprehension's body. */
    static final class Add extends Step {
        private final @Nullable Expr key;
        private final Expr value;
        private final int collector;

        Add(@Nullable Expr key, Expr value, int collector) {
            this.key = key;
            this.value = value;
            this.collector = collector;
        }

        @Override
        boolean run(Frame frame) {
            Value at = key == null ? null : key.eval(frame);
            Value found = value.eval(frame);
            if (found != null && (key == null || at != null)) {
                frame.context.meter().cells(1);
                frame.context.meter().steps(found.bulk() >> 5);
                frame.collected[collector].add(at, found);
            }
            return false;
        }
    }

    static final class Template extends Expr {
        private final Expr[] parts;
        private final Location at;

        Template(Expr[] parts, Location at) {
            this.parts = parts;
            this.at = at;
        }

        @Override
        Value eval(Frame frame) {
            StringBuilder text = new StringBuilder();
            for (Expr part : parts) {
                Value value = part.eval(frame);
                if (value != null) {
                    frame.context.meter().text(8L * value.bulk());
                }
                String piece = piece(value);
                text.append(piece);
            }
            return StringValue.of(text.toString());
        }

        private String piece(@Nullable Value value) {
            if (value instanceof StringValue text) {
                return text.value();
            }
            if (!(value instanceof SetValue found) || found.size() == 0) {
                return "<undefined>";
            }
            if (found.size() > 1) {
                throw new RegoException(ErrorCode.CONFLICT, at, "template-strings must not produce multiple outputs");
            }
            Value only = found.sorted().getFirst();
            return only instanceof StringValue text ? text.value() : only.toString();
        }
    }
}
