package io.maestro.rego.eval;

import io.maestro.rego.compile.Form;
import io.maestro.rego.compile.RuleGroup;
import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.compile.RuleGroup.Definition;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The code of all definitions under one path. Filled once, after the codes that it calls exist. */
final class GroupCode {
    private final Value[] none = new Value[0];
    private final RuleGroup group;
    private AlternativeCode[][] definitions = new AlternativeCode[0][];
    private @Nullable Index index;
    private AlternativeCode[] defaults = new AlternativeCode[0];
    private boolean sameConstant;

    GroupCode(RuleGroup group) {
        this.group = group;
    }

    RuleGroup group() {
        return group;
    }

    void fill(Code code) {
        definitions = group.definitions().stream()
                .map(definition -> codes(code, definition))
                .toArray(AlternativeCode[][]::new);
        index = code.indexes() ? index() : null;
        Definition standing = group.defaults();
        defaults = standing == null ? defaults : codes(code, standing);
        sameConstant = group.definitions().stream()
                        .flatMap(definition -> definition.alternatives().stream())
                        .map(Alternative::value)
                        .distinct()
                        .count()
                == 1;
        sameConstant &= group.definitions().stream()
                .flatMap(definition -> definition.alternatives().stream())
                .allMatch(alternative -> alternative.value() instanceof Form.Const);
    }

    private @Nullable Index index() {
        List<Index.Entry> entries = new ArrayList<>();
        boolean any = false;
        for (int i = 0; i < definitions.length; i++) {
            Map<Demands.Place, Set<Value>> demands =
                    Demands.of(group.definitions().get(i), group.arity());
            any |= !demands.isEmpty();
            entries.add(new Index.Entry(definitions[i], demands));
        }
        return any ? Index.of(entries) : null;
    }

    /** The definitions that can have a value. A replaced function may answer otherwise than the index thinks. */
    private AlternativeCode[][] possible(Context context, Value[] arguments) {
        return index == null || !context.changes().functions().isEmpty() ? definitions : index.find(context, arguments);
    }

    private AlternativeCode[] codes(Code code, Definition definition) {
        return definition.alternatives().stream()
                .map(alternative -> new AlternativeCode(code, group, alternative))
                .toArray(AlternativeCode[]::new);
    }

    /** The value of a rule without arguments; null when it is undefined. */
    @Nullable
    Value value(Context context) {
        Observer observer = context.observer();
        if (observer == null) {
            return plainly(context);
        }
        observer.begins(group.name());
        Value value = plainly(context);
        observer.ends(group.name());
        return value;
    }

    private @Nullable Value plainly(Context context) {
        return switch (group.kind()) {
            case COMPLETE -> single(context, none);
            case PARTIAL_SET, PARTIAL_OBJECT -> partial(context);
            case FUNCTION -> null;
        };
    }

    /** What a function gives; null when it is undefined. */
    @Nullable
    Value call(Context context, Value[] arguments) {
        Observer observer = context.observer();
        if (observer == null) {
            return single(context, arguments);
        }
        observer.begins(group.name());
        Value value = single(context, arguments);
        observer.ends(group.name());
        return value;
    }

    private @Nullable Value single(Context context, Value[] arguments) {
        Value found = null;
        for (AlternativeCode[] definition : possible(context, arguments)) {
            for (AlternativeCode alternative : definition) {
                Value value = alternative.single(context, arguments);
                if (value != null) {
                    if (found != null && !found.equals(value)) {
                        throw conflict(group, alternative.at());
                    }
                    found = value;
                    break;
                }
            }
            if (found != null && sameConstant) {
                return found;
            }
        }
        if (found == null && defaults.length > 0) {
            return defaults[0].single(context, arguments);
        }
        return found;
    }

    static RegoException conflict(RuleGroup group, Location at) {
        return new RegoException(
                ErrorCode.CONFLICT,
                at,
                (group.kind() == RuleGroup.Kind.FUNCTION
                                ? "functions must not produce multiple outputs for same inputs: "
                                : "complete rules must not produce multiple outputs: ")
                        + group.name());
    }

    private Value partial(Context context) {
        Partial partial = new Partial();
        for (AlternativeCode[] definition : possible(context, none)) {
            for (AlternativeCode alternative : definition) {
                if (alternative.collect(context, partial)) {
                    break;
                }
            }
        }
        return group.kind() == RuleGroup.Kind.PARTIAL_SET ? partial.set() : partial.object();
    }
}
