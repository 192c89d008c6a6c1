package io.maestro.rego.compile;

import io.maestro.rego.syntax.Annotation;
import java.util.List;

/**
 * All modules of a policy, checked, with every body in a safe order. Immutable once it is made.
 *
 * @param annotations in the order of the files
 * @param definitions how many rules were written
 */
public record Program(List<Annotation> annotations, int definitions, RuleTree tree) {
    /**
     * A query with its variables.
     *
     * @param names the variables that it answers with, and their slots
     */
    public record Query(Form.Body body, int slots, java.util.Map<String, Integer> names) {}
}
