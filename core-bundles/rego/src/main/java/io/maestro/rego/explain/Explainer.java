package io.maestro.rego.explain;

import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.Value;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Explains answers, by asking again and watching. Costs several times what an answer does. Any thread; keeps nothing. */
public final class Explainer {
    /**
     * What is looked for.
     *
     * @param allows whether an answer, or null for none, is what is wanted
     * @param fixed places of the input, with all below, that whoever asks cannot change: who they are, what they want to do
     * @param most how many times the policy may be asked
     */
    public record Wanted(Predicate<@Nullable Value> allows, List<List<String>> fixed, int most) {
        /** Copies what may not be changed. */
        public Wanted {
            fixed = fixed.stream().map(List::copyOf).toList();
        }
    }

    private Explainer() {}

    /**
     * Says why an answer is what it is.
     *
     * @throws RegoException when there is no answer
     */
    public static Explanation explain(Policy policy, List<String> path, Question question) {
        Watch watch = new Watch();
        Value value = policy.observable().evaluate(path, question, watch);
        return watch.explanation(value);
    }

    /**
     * The smallest change of the input after which the answer would be what is wanted: one place, or two. Each that is found was
     * tried; that none is found does not mean that there is none.
     *
     * @return empty when none was found, or when the answer is what is wanted already
     */
    public static List<Change> smallestChange(Policy policy, List<String> path, Question question, Wanted wanted) {
        try {
            if (wanted.allows().test(policy.evaluate(path, question))) {
                return List.of();
            }
        } catch (RegoException e) {
            return List.of();
        }
        return new Remedies(policy, path, question, wanted).find();
    }
}
