package io.maestro.rego.eval;

import io.maestro.rego.builtins.Prepared;
import io.maestro.rego.compile.Program;
import io.maestro.rego.compile.RuleGroup;
import io.maestro.rego.compile.RuleTree;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.ValueLimitException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A program as closures. Immutable once made; any number of threads evaluate it at once. */
public final class Code {
    private final Program program;
    private final Manner manner;
    private final List<GroupCode> groups = new ArrayList<>();
    private final Prepared prepared = new Prepared();
    private final InputPlaces inputPlaces = new InputPlaces();

    /** How a program is evaluated; the answers are the same. */
    public enum Manner {
        /** As quickly as may be. */
        INDEXED,
        /** Each definition of a rule is tried. */
        PLAIN,
        /** Each definition is tried, and an {@link Observer} told of each goal. */
        TELLING
    }

    /** Makes the code. */
    public Code(Program program, Manner manner) {
        this.program = program;
        this.manner = manner;
        program.tree().groups().forEach(group -> groups.add(new GroupCode(group)));
        groups.forEach(group -> group.fill(this));
    }

    public Program program() {
        return program;
    }

    boolean tells() {
        return manner == Manner.TELLING;
    }

    boolean indexes() {
        return manner == Manner.INDEXED;
    }

    InputPlaces inputPlaces() {
        return inputPlaces;
    }

    Prepared prepared() {
        return prepared;
    }

    int groups() {
        return groups.size();
    }

    GroupCode group(RuleGroup group) {
        return groups.get(group.id());
    }

    RuleTree.Node root() {
        return program.tree().root();
    }

    /**
     * The value of a path below {@code data}; null when it is undefined.
     *
     * @throws RegoException when there is no answer
     */
    public @Nullable Value evaluate(List<String> path, Request request) {
        return guarded(() -> {
            Documents.Place place =
                    Context.first(new Shared(this, request), request).documents();
            Value value = null;
            boolean settled = false;
            for (String name : path) {
                StringValue key = StringValue.of(name);
                if (settled) {
                    value = value == null ? null : value.get(key);
                    continue;
                }
                place = place.below(key);
                if (place == null) {
                    return null;
                }
                settled = place.isSettled();
                value = settled ? place.settled() : null;
            }
            return settled ? value : place.extent();
        });
    }

    /**
     * All answers to a query, each with the values of its variables.
     *
     * @throws RegoException when there is no answer
     */
    public List<Map<String, Value>> query(Program.Query query, Request request) {
        Emitter.Depth depth = new Emitter.Depth(false);
        List<Map<String, Value>> answers = new ArrayList<>();
        Step body = new Emitter(this, new BitSet(), depth).body(query.body().goals(), new Step() {
            @Override
            boolean run(Frame frame) {
                frame.context.meter().cells(1 + query.names().size());
                Map<String, Value> answer = new HashMap<>();
                query.names().forEach((name, slot) -> {
                    Value value = frame.slots[slot];
                    if (value != null) {
                        answer.put(name, value);
                    }
                });
                answers.add(answer);
                return false;
            }
        });
        guarded(() -> {
            Context context = Context.first(new Shared(this, request), request);
            context.meter().enter(depth.steps);
            return body.run(new Frame(query.slots(), new Makes.Collected[depth.collectors], context));
        });
        return answers;
    }

    /** What the counting of levels did not foresee ends here: it is this evaluation's error and nobody else's. */
    private static <T extends @Nullable Object> T guarded(Supplier<T> evaluation) {
        try {
            return evaluation.get();
        } catch (StackOverflowError e) {
            throw new RegoException(
                    ErrorCode.LIMIT, Location.NONE, "the evaluation nests deeper than the stack allows");
        } catch (ValueLimitException e) {
            throw new RegoException(ErrorCode.LIMIT, Location.NONE, String.valueOf(e.getMessage()));
        }
    }
}
