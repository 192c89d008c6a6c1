package io.maestro.policy;

import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.explain.Change;
import io.maestro.rego.explain.Explainer;
import io.maestro.rego.explain.Explanation;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.ValueLimitException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Our own engine, in this process. */
final class RegoEngine implements PolicyEngine {
    /** Far more than a decision takes, and far less than a server notices. */
    static final Budget BUDGET = new Budget(500_000, 500_000, 1_000, Duration.ofMillis(250));

    private final Policy policy;
    private final ObjectValue own;
    private final Budget budget;
    private volatile Merged merged;

    /** What came last, so that it is put together only when it changes. */
    private record Merged(ObjectValue data, ObjectValue all) {}

    /**
     * An engine of one compiled policy.
     *
     * @param own the data that came with it
     */
    RegoEngine(Policy policy, ObjectValue own, Budget budget) {
        this.policy = policy;
        this.own = own;
        this.budget = budget;
        this.merged = new Merged(ObjectValue.EMPTY, own);
    }

    @Override
    public @Nullable Value ask(String path, ObjectValue input, ObjectValue data, Instant now) throws EngineException {
        return answer(() -> policy.evaluate(parts(path), question(input, with(data), now)));
    }

    /** Why an answer is what it is. */
    Explanation explain(String path, ObjectValue input, ObjectValue data, Instant now) throws EngineException {
        return answer(() -> Explainer.explain(policy, parts(path), question(input, merge(own, data), now)));
    }

    /** What would have to be different for an answer that is wanted; empty when nothing is found, or nothing has to. */
    List<Change> smallestChange(String path, ObjectValue input, ObjectValue data, Instant now, Explainer.Wanted wanted)
            throws EngineException {
        return answer(
                () -> Explainer.smallestChange(policy, parts(path), question(input, merge(own, data), now), wanted));
    }

    private Question question(ObjectValue input, ObjectValue data, Instant now) {
        return Question.at(now)
                .withInput(input)
                .withData(data)
                .withBudget(budget)
                .strictly();
    }

    private static List<String> parts(String path) {
        return List.of(path.split("/", -1));
    }

    private static <T extends @Nullable Object> T answer(Supplier<T> asking) throws EngineException {
        try {
            return asking.get();
        } catch (RegoException | ValueLimitException e) {
            throw new EngineException(String.valueOf(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new EngineException("the policy nests deeper than can be evaluated", e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // settings are replaced whole; to compare them would cost every question
    private ObjectValue with(ObjectValue data) {
        Merged last = merged;
        if (last.data() != data) {
            last = new Merged(data, merge(own, data));
            merged = last;
        }
        return last.all();
    }

    /** Both, member by member; where they differ the second stands. */
    static ObjectValue merge(ObjectValue one, ObjectValue other) {
        Map<Value, Value> all = new HashMap<>(one.members());
        other.members()
                .forEach((key, value) -> all.merge(
                        key,
                        value,
                        (mine, theirs) -> mine instanceof ObjectValue inner && theirs instanceof ObjectValue outer
                                ? merge(inner, outer)
                                : theirs));
        return ObjectValue.keeping(all);
    }

    @Override
    public void close() {
        // nothing is held
    }
}
